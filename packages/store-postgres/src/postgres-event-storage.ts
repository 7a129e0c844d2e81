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
import { AppendAnnouncer } from './append-announcer.ts';
import { EventAppender } from './append-events.ts';
import { AppendQueue } from './append-queue.ts';
import { AppendWatch } from './append-watch.ts';
import type { PositionSequence } from './position-sequence.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { headPosition, readAll } from './read-all.ts';
import { readStream } from './read-stream.ts';

/** How the storage waits and wakes. */
export interface StorageSettings {
  readonly pollIntervalMs: number;
  readonly lockTimeoutMs: number;
  readonly listen: boolean;
}

/** Events in the tables `events` and `event_tags`. */
export class PostgresEventStorage implements EventStorage {
  readonly description: StorageDescription;
  readonly #connection: PostgresConnection;
  readonly #appender: EventAppender;
  readonly #queue: AppendQueue;
  readonly #watch: AppendWatch;
  readonly #announcer: AppendAnnouncer | undefined;

  constructor(connection: PostgresConnection, positions: PositionSequence, { pollIntervalMs, lockTimeoutMs, listen }: StorageSettings) {
    this.description = connection.describe('events');
    this.#connection = connection;
    this.#watch = new AppendWatch(connection, pollIntervalMs, listen);
    this.#announcer = listen ? new AppendAnnouncer(connection) : undefined;
    this.#appender = new EventAppender(connection, positions, lockTimeoutMs, (isHeard) => {
      this.#watch.wake();
      if (isHeard) this.#announcer?.announce();
    });
    this.#queue = new AppendQueue((batch) => this.#appender.send(batch), lockTimeoutMs);
  }

  append(request: AppendRequest, signal?: AbortSignal, onWait?: OnAppendWait): Promise<AppendOutcome> {
    return this.#queue.append(request, signal, onWait);
  }

  readStream(query: StreamQuery, signal?: AbortSignal): AsyncIterable<readonly EventRecord[]> {
    return readStream(this.#connection, query, signal);
  }

  readAll(query: AllQuery, signal?: AbortSignal): AsyncIterable<readonly EventRecord[]> {
    return readAll(this.#connection, query, signal);
  }

  streamPosition(stream: StreamId): Promise<StreamPosition> {
    return this.#appender.streamEnd(stream);
  }

  headPosition(): Promise<bigint> {
    return headPosition(this.#connection, 'getHeadPosition');
  }

  waitForAppend(after: bigint, signal: AbortSignal): Promise<void> {
    return this.#watch.wait(after, signal);
  }

  /** Wakes those who wait, in every process. */
  announce(): void {
    this.#watch.wake();
    this.#announcer?.announce();
  }

  async close(): Promise<void> {
    await this.#queue.drain();
    await this.#watch.close();
    await this.#connection.close();
  }
}
