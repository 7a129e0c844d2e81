import { BaseEventStore, decodeEvent, EventRegistry, type EventStoreOptions, InvalidArgumentError, type StoredEvent } from '@es/core';
import type { AppendHook } from './append-events.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteEventStorage } from './sqlite-event-storage.ts';
import { milliseconds, type SqliteOptions } from './sqlite-options.ts';

/** What a {@link SqliteEventStore} can be given. */
export type SqliteEventStoreOptions = SqliteOptions &
  EventStoreOptions & {
    /**
     * How often someone who waits for events looks whether another process has written, in milliseconds; default 50. Appends of this process
     * wake at once.
     */
    readonly pollIntervalMs?: number;
    /**
     * Runs inside the transaction of every append, with its events, before it is committed: what it writes to the same `database` happens
     * together with the append or not at all. If it throws, that append alone is undone and fails with what was thrown. It is synchronous, runs
     * in the context of its append, is not called for a repeated one, and is called once more if the transaction has to be tried again.
     */
    readonly onAppend?: (events: readonly StoredEvent[]) => void;
  };

const defaultPollIntervalMs = 50;

/**
 * An event store in an SQLite file.
 *
 * An append is on the disk before it resolves (see {@link Synchronous}). Appends that arrive together share a transaction and its costs, each
 * succeeding or failing by itself. Several processes may use one file; writers wait for each other without blocking the event loop.
 */
export class SqliteEventStore extends BaseEventStore {
  /**
   * Opens the file, and makes or migrates its tables.
   *
   * @throws StorageError when that fails; InvalidArgumentError or EventDefinitionError when the options can't be meant.
   */
  constructor(options: SqliteEventStoreOptions) {
    const pollIntervalMs = milliseconds('SqliteEventStore', 'pollIntervalMs', options.pollIntervalMs, defaultPollIntervalMs, 1);
    super(new SqliteEventStorage(new SqliteConnection('SqliteEventStore', options), pollIntervalMs, hookOf(options)), options);
  }
}

function hookOf({ onAppend, events }: SqliteEventStoreOptions): AppendHook | undefined {
  if (onAppend === undefined) return undefined;
  const registry = events === undefined ? undefined : EventRegistry.from(events);
  return (records) => {
    const result: unknown = onAppend(records.map((record) => decodeEvent(record, registry)));
    if (typeof result === 'object' && result !== null && 'then' in result) {
      throw new InvalidArgumentError(
        'onAppend returned a promise, but it runs inside an SQLite transaction, which is synchronous. Nothing was appended; write without await.',
      );
    }
  };
}
