import type { Attributes, SpanKind } from '@es/otel';
import type { ExpectedVersion } from './append-condition.ts';
import type { EventRecord, NewEventRecord } from './event-record.ts';
import type { StreamId } from './stream-id.ts';

/** One append: all of its records or none. Checked and encoded by core; never empty. */
export interface AppendRequest {
  readonly stream: StreamId;
  readonly expectedVersion: ExpectedVersion;
  /** At least one; their ids differ. The storage gives them the versions after the stream's own, in order. */
  readonly records: readonly NewEventRecord[];
}

/** Where a stream's last event, or an append's, stands. Version 0 and position 0: nowhere. */
export interface StreamPosition {
  readonly version: number;
  readonly position: bigint;
}

/** How an append ended, as a union: a conflict is an answer, not an exception; exceptions are failures of the database. */
export type AppendOutcome =
  | ({ readonly status: 'appended' } & StreamPosition)
  /** The same ids stand already in this stream, one after another in this order: where the last of them stands. */
  | ({ readonly status: 'duplicate' } & StreamPosition)
  | { readonly status: 'conflict'; readonly actualVersion: number }
  | { readonly status: 'id-conflict'; readonly eventId: string };

/** That an append had to wait for what others held. */
export interface AppendWait {
  /** What others held: the stream, the log in which positions are given out, or the database's file. */
  readonly waitedFor: 'stream' | 'log' | 'file';
  readonly seconds: number;
  /** What the append failed with, if it waited in vain. */
  readonly error?: unknown;
}

/** Is told of waits; never throws. */
export type OnAppendWait = (wait: AppendWait) => void;

/** A read of one stream; bounds are inclusive and checked. */
export interface StreamQuery {
  readonly stream: StreamId;
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
}

/** A read of the global order; filters are joined by "and". */
export interface AllQuery {
  /** Exclusive. */
  readonly after: bigint;
  /** Inclusive; `undefined` for no bound. */
  readonly upTo: bigint | undefined;
  readonly limit: number;
  /** The event's type is one of these. */
  readonly types: readonly string[] | undefined;
  /** The aggregate's type is one of these. */
  readonly aggregateTypes: readonly string[] | undefined;
  /** The event carries every one of these. */
  readonly tags: readonly string[] | undefined;
  readonly tenantId: string | undefined;
}

/** What of a storage never changes and goes onto its spans and metrics. */
export interface StorageDescription {
  /** First word of its messages, such as `SqliteEventStore`. */
  readonly component: string;
  /** Where it logs in the hierarchy of loggers, such as `eventsource.stores.sqlite`. */
  readonly logger: string;
  /** Name and version of the adapter's package: the instrumentation scope. */
  readonly scope: { readonly name: string; readonly version: string };
  /** CLIENT over a network, INTERNAL in process. */
  readonly spanKind: SpanKind;
  /** `db.*` attributes of its spans; empty where there is no database. Those of low cardinality go onto metrics too. */
  readonly attributes: Attributes;
  /** The database's own code for a failure, such as an SQLSTATE, if the error has one; left out where the database has no such codes. */
  readonly statusCodeOf?: (error: unknown) => string | undefined;
}

/**
 * What an adapter implements under an event store: storage alone. Core validates, encodes, decodes, traces and measures around it.
 *
 * It never sees a closed store nor an aborted signal at the start of a call; it may look at a signal in the middle of a long one.
 */
export interface EventStorage {
  readonly description: StorageDescription;
  /**
   * Appends atomically and durably: condition and idempotency per {@link AppendOutcome}. Rejects with a StorageError when the database fails.
   *
   * @param onWait - Called for each wait that is over, before the append ends; not at all where nothing was in the way.
   */
  append(request: AppendRequest, signal?: AbortSignal, onWait?: OnAppendWait): Promise<AppendOutcome>;
  /** Yields non-empty pages in version order, never holding more than a page; empty if the stream does not exist. */
  readStream(query: StreamQuery, signal?: AbortSignal): AsyncIterable<readonly EventRecord[]>;
  /** Yields non-empty pages in position order, ending where the log ended at some moment after the start. */
  readAll(query: AllQuery, signal?: AbortSignal): AsyncIterable<readonly EventRecord[]>;
  /** Where a stream stands. */
  streamPosition(stream: StreamId): Promise<StreamPosition>;
  /** The greatest position that can be read; 0 for an empty store. */
  headPosition(): Promise<bigint>;
  /** Resolves soon after something was appended by anyone, this process or another, or when the signal is aborted; may resolve without cause. */
  waitForAppend(after: bigint, signal: AbortSignal): Promise<void>;
  /** Finishes what is in hand and lets go of what it opened itself. Called once. */
  close(): Promise<void>;
}
