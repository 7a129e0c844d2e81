import type { EventToAppend, StoredEvent } from '../events/event.ts';
import type { AnyEventDefinition, StoredEventOf } from '../events/event-definition.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import type { AppendCondition } from './append-condition.ts';
import type { EventStream } from './event-stream.ts';
import type { StreamId } from './stream-id.ts';

/** Where an append ended up. */
export interface AppendResult {
  /** The stream's version after the append. */
  readonly version: number;
  /** Position of the append's last event: a reader that has seen it has seen the append. 0 for an empty append to a stream without events. */
  readonly position: bigint;
}

/** Options that every operation takes. */
export interface OperationOptions {
  /** Ends the operation early with an AbortedError; an append that was already handed to the database may still have happened. */
  readonly signal?: AbortSignal;
}

/** How events are decoded. */
export interface DecodeOptions {
  /** Definitions that validate, upcast and narrow the events; default: those of the store. Without any, data comes back as the stored JSON. */
  readonly events?: EventRegistry | Iterable<AnyEventDefinition>;
}

/** Which part of a stream to read. */
export interface GetEventsOptions extends OperationOptions, DecodeOptions {
  /** First version, inclusive; default 1. */
  readonly fromVersion?: number;
  /** Last version, inclusive; default: the end. */
  readonly toVersion?: number;
  /** At most so many events. */
  readonly limit?: number;
  /** `backward` starts at the greatest version; default `forward`. */
  readonly direction?: 'forward' | 'backward';
}

/** Which part of the global order to read. Filters are joined by "and". */
export interface ReadAllOptions extends OperationOptions, DecodeOptions {
  /** Only events behind this position, exclusive; default 0: from the beginning. */
  readonly after?: bigint;
  /** Only events up to this position, inclusive. */
  readonly upTo?: bigint;
  /** At most so many events. */
  readonly limit?: number;
  /** Only events of one of these types. */
  readonly types?: readonly string[];
  /** Only events of aggregates of one of these types. */
  readonly aggregateTypes?: readonly string[];
  /** Only events that carry all of these tags. */
  readonly tags?: readonly string[];
  /** Only events of this tenant. */
  readonly tenantId?: string;
}

/** How long to wait for events. */
export interface WaitForEventsOptions extends OperationOptions {
  /** Default: for ever. */
  readonly timeoutMs?: number;
}

/**
 * A log of events in streams, with one global order over all of them.
 *
 * - An append is atomic, and durable before it resolves. Of two concurrent appends with the same expected version exactly one wins.
 * - Appending the same event ids again to the same stream returns the first result; ids that stand elsewhere are an error.
 * - Nothing ever appears behind a position that has been read; within a stream, position order is version order.
 * - Reads stream: their memory does not grow with the number of events. Errors of a read surface when it is iterated.
 *
 * Every operation fails with a ClosedError after `close()`, and with an AbortedError when its signal is aborted.
 */
export interface EventStore extends AsyncDisposable {
  /**
   * Appends events to a stream. An empty list writes nothing but still checks the condition.
   *
   * @throws ConcurrencyError when the condition is not met; EventIdConflictError when an id stands elsewhere; EventDataError,
   * UnknownEventTypeError or InvalidArgumentError when an event is not valid; StorageError when the database fails.
   */
  appendEvents(
    stream: StreamId,
    events: readonly EventToAppend[],
    condition: AppendCondition,
    options?: OperationOptions,
  ): Promise<AppendResult>;
  /** Reads a stream; nothing if it does not exist. */
  getEvents<const Definition extends AnyEventDefinition>(
    stream: StreamId,
    options: GetEventsOptions & { readonly events: readonly Definition[] },
  ): EventStream<StoredEventOf<Definition>>;
  getEvents(stream: StreamId, options?: GetEventsOptions): EventStream<StoredEvent>;
  /** Reads the global order, up to its end at some moment after the start. */
  readAll<const Definition extends AnyEventDefinition>(
    options: ReadAllOptions & { readonly events: readonly Definition[] },
  ): EventStream<StoredEventOf<Definition>>;
  readAll(options?: ReadAllOptions): EventStream<StoredEvent>;
  /** The greatest position that can be read; 0 for an empty store. */
  getHeadPosition(options?: OperationOptions): Promise<bigint>;
  /**
   * Waits until there is an event behind a position, whoever appended it.
   *
   * @returns true once `readAll({ after })` would yield something, false when the time is over.
   */
  waitForEvents(after: bigint, options?: WaitForEventsOptions): Promise<boolean>;
  /** Finishes what is in hand and closes. Calling it again does nothing. */
  close(): Promise<void>;
}
