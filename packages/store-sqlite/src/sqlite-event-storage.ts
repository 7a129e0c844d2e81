import { AsyncResource } from 'node:async_hooks';
import type {
  AllQuery,
  AppendOutcome,
  AppendRequest,
  EventRecord,
  EventStorage,
  OnAppendWait,
  StorageDescription,
  StreamId,
  StreamPosition,
  StreamQuery,
} from '@es/core';
import { type AppendHook, appendEvents, streamEnd } from './append-events.ts';
import { signalAppend } from './append-signal.ts';
import { AppendWatch } from './append-watch.ts';
import { headPosition, readAll } from './read-all.ts';
import { readStream } from './read-stream.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** Events in the tables `es_events` and `es_event_tags`. */
export class SqliteEventStorage implements EventStorage {
  readonly description: StorageDescription;
  readonly #connection: SqliteConnection;
  readonly #hook: AppendHook | undefined;
  readonly #watch: AppendWatch;

  constructor(connection: SqliteConnection, pollIntervalMs: number, hook: AppendHook | undefined) {
    this.description = connection.describe('es_events');
    this.#connection = connection;
    this.#hook = hook;
    this.#watch = new AppendWatch(connection, pollIntervalMs);
  }

  async append(request: AppendRequest, signal?: AbortSignal, onWait?: OnAppendWait): Promise<AppendOutcome> {
    const { records } = request;
    const run = (): AppendOutcome => appendEvents(this.#connection, request, this.#hook);
    const outcome = await this.#connection.write(
      'appendEvents',
      {
        // The transaction runs in the context of whichever append came first; a hook must see that of its own.
        run: this.#hook === undefined ? run : AsyncResource.bind(run),
        rows: records.length,
        bytes: records.reduce((sum, { data }) => sum + data.length, 0),
        onWait: (seconds, error) => onWait?.({ waitedFor: 'file', seconds, error }),
      },
      signal,
    );
    if (outcome.status === 'appended') signalAppend(this.#connection.identity);
    return outcome;
  }

  readStream(query: StreamQuery): AsyncIterable<readonly EventRecord[]> {
    return readStream(this.#connection, query);
  }

  readAll(query: AllQuery, signal?: AbortSignal): AsyncIterable<readonly EventRecord[]> {
    return readAll(this.#connection, query, signal);
  }

  streamPosition(stream: StreamId): Promise<StreamPosition> {
    return this.#connection.read('appendEvents', () => streamEnd(this.#connection, stream));
  }

  headPosition(): Promise<bigint> {
    return this.#connection.read('getHeadPosition', () => BigInt(headPosition(this.#connection)));
  }

  waitForAppend(after: bigint, signal: AbortSignal): Promise<void> {
    return this.#watch.wait(after, signal);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
