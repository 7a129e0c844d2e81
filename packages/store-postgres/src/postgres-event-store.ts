import { BaseEventStore, type EventStore, type EventStoreOptions } from '@es/core';
import { PositionSequence } from './position-sequence.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { PostgresEventStorage, type StorageSettings } from './postgres-event-storage.ts';
import { milliseconds, type PostgresOptions } from './postgres-options.ts';
import type { PostgresQueryable } from './postgres-pool.ts';
import { TransactionStorage } from './transaction-storage.ts';

/** What a {@link PostgresEventStore} can be given. */
export type PostgresEventStoreOptions = PostgresOptions &
  EventStoreOptions & {
    /**
     * Whether someone who waits for events listens for appends, on a connection that is held meanwhile, and whether appends are announced to
     * those who listen; default true. Behind a pooler that lends connections by the transaction set it to false.
     */
    readonly listen?: boolean;
    /** How often someone who waits looks for new events, in milliseconds; default 1,000 behind `listen`, else 50. */
    readonly pollIntervalMs?: number;
    /**
     * How long an append waits for others, in milliseconds; default 5,000. Appends wait for one another for as long as commits take; only those
     * to a stream that an open transaction has appended to wait for longer.
     */
    readonly lockTimeoutMs?: number;
  };

const pollIntervalBehindListenMs = 1_000;
const pollIntervalAloneMs = 50;
const defaultLockTimeoutMs = 5_000;

/**
 * An event store in a PostgreSQL database, version 13 or later.
 *
 * An append is one statement and committed before it resolves; appends that arrive together share one, each succeeding or failing by itself.
 * Positions become visible in their order: a reader that goes on from its checkpoint misses nothing, and waits for no open transaction.
 */
export class PostgresEventStore extends BaseEventStore {
  readonly #connection: PostgresConnection;
  readonly #positions: PositionSequence;
  readonly #storage: PostgresEventStorage;
  readonly #settings: StorageSettings;
  readonly #options: EventStoreOptions;

  /**
   * Connects at the first operation, which makes or migrates the tables.
   *
   * @throws InvalidArgumentError or EventDefinitionError when the options can't be meant.
   */
  constructor(options: PostgresEventStoreOptions) {
    const settings = settingsOf(options);
    const connection = new PostgresConnection('PostgresEventStore', options);
    const positions = new PositionSequence(connection);
    const storage = new PostgresEventStorage(connection, positions, settings);
    super(storage, options);
    this.#connection = connection;
    this.#positions = positions;
    this.#storage = storage;
    this.#settings = settings;
    this.#options = options;
  }

  /**
   * The store inside a transaction that the caller has begun and will end: what is appended commits or rolls back with everything else in it.
   *
   * Conditions hold as ever: until the transaction ends, other appends to the same streams wait, up to `lockTimeoutMs`. Appends to other streams
   * and all readers don't. The events get their positions at the commit; until then their position is 0n, in the result of `appendEvents` and in
   * `getEvents` of the same transaction; `readAll` shows what is committed. After the commit {@link PostgresEventStore.announce} wakes those who
   * wait, who would find out by polling otherwise.
   *
   * @param client - A connection with an open transaction at READ COMMITTED, such as a `PoolClient` of pg after `BEGIN`. It stays the caller's.
   */
  inTransaction(client: PostgresQueryable): EventStore {
    return new BaseEventStore(
      new TransactionStorage(this.#connection, this.#positions, client, this.#settings.lockTimeoutMs),
      this.#options,
    );
  }

  /** Wakes those who wait for events, in every process: after the commit of a transaction with appends in it. */
  announce(): void {
    this.#storage.announce();
  }
}

function settingsOf({ listen = true, pollIntervalMs, lockTimeoutMs }: PostgresEventStoreOptions): StorageSettings {
  const otherwise = listen ? pollIntervalBehindListenMs : pollIntervalAloneMs;
  return {
    listen,
    pollIntervalMs: milliseconds('PostgresEventStore', 'pollIntervalMs', pollIntervalMs, otherwise, 1),
    lockTimeoutMs: Math.ceil(milliseconds('PostgresEventStore', 'lockTimeoutMs', lockTimeoutMs, defaultLockTimeoutMs, 1)),
  };
}
