import type { Attributes } from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import { ConcurrencyError } from '../errors/concurrency-error.ts';
import { EventIdConflictError } from '../errors/event-id-conflict-error.ts';
import type { EventToAppend, StoredEvent } from '../events/event.ts';
import type { AnyEventDefinition, StoredEventOf } from '../events/event-definition.ts';
import { EventRegistry } from '../events/event-registry.ts';
import { Lifecycle } from '../lifecycle.ts';
import { type AppendCondition, assertAppendCondition, meetsExpectedVersion } from './append-condition.ts';
import { decodePages } from './decode-pages.ts';
import { encodeEvents } from './encode-event.ts';
import type { EventRecord } from './event-record.ts';
import type { AppendOutcome, EventStorage, OnAppendWait, StreamPosition } from './event-storage.ts';
import type {
  AppendResult,
  DecodeOptions,
  EventStore,
  GetEventsOptions,
  OperationOptions,
  ReadAllOptions,
  WaitForEventsOptions,
} from './event-store.ts';
import { EventStoreTelemetry, type ReadOperation } from './event-store-telemetry.ts';
import { EventStream } from './event-stream.ts';
import { FailureLog } from './failure-log.ts';
import { allQuery, streamQuery } from './read-queries.ts';
import { assertStreamId, type StreamId } from './stream-id.ts';

/** What every event store can be given. */
export interface EventStoreOptions extends ComponentOptions {
  /** The definitions of all events in the store. With them every append is validated and every read decoded; without, the store keeps any JSON. */
  readonly events?: EventRegistry | Iterable<AnyEventDefinition>;
}

/** The event store over a storage: validation, encoding, telemetry and errors are the same for every adapter. Adapters extend it. */
export class BaseEventStore implements EventStore {
  readonly #storage: EventStorage;
  readonly #registry: EventRegistry | undefined;
  readonly #telemetry: EventStoreTelemetry;
  readonly #failures: FailureLog;
  readonly #lifecycle: Lifecycle;

  constructor(storage: EventStorage, options: EventStoreOptions = {}) {
    this.#storage = storage;
    this.#registry = options.events === undefined ? undefined : EventRegistry.from(options.events);
    this.#telemetry = new EventStoreTelemetry(storage.description, options);
    this.#failures = new FailureLog(storage.description, options);
    this.#lifecycle = new Lifecycle(storage.description.component);
  }

  appendEvents(
    stream: StreamId,
    events: readonly EventToAppend[],
    condition: AppendCondition,
    options: OperationOptions = {},
  ): Promise<AppendResult> {
    return this.#telemetry.append(stream, events, condition, (onWait) =>
      this.#failures.watch('appendEvents', { ...stream }, () => this.#append(stream, events, condition, options, onWait)),
    );
  }

  getEvents<const Definition extends AnyEventDefinition>(
    stream: StreamId,
    options: GetEventsOptions & { readonly events: readonly Definition[] },
  ): EventStream<StoredEventOf<Definition>>;
  getEvents(stream: StreamId, options?: GetEventsOptions): EventStream<StoredEvent>;
  getEvents(stream: StreamId, options: GetEventsOptions = {}): EventStream<StoredEvent> {
    return this.#read(
      'getEvents',
      'get_events',
      options,
      () => this.#telemetry.streamAttributes(stream),
      () => this.#storage.readStream(streamQuery(stream, options), options.signal),
    );
  }

  readAll<const Definition extends AnyEventDefinition>(
    options: ReadAllOptions & { readonly events: readonly Definition[] },
  ): EventStream<StoredEventOf<Definition>>;
  readAll(options?: ReadAllOptions): EventStream<StoredEvent>;
  readAll(options: ReadAllOptions = {}): EventStream<StoredEvent> {
    return this.#read(
      'readAll',
      'read_all',
      options,
      () => this.#telemetry.filterAttributes(options),
      () => this.#storage.readAll(allQuery(options), options.signal),
    );
  }

  async getHeadPosition(options: OperationOptions = {}): Promise<bigint> {
    this.#lifecycle.assertOpen('getHeadPosition', options.signal);
    return this.#storage.headPosition();
  }

  async waitForEvents(after: bigint, options: WaitForEventsOptions = {}): Promise<boolean> {
    const timer = new AbortController();
    const timeout = options.timeoutMs === undefined ? undefined : setTimeout(() => timer.abort(), options.timeoutMs);
    const signal = AbortSignal.any([this.#lifecycle.signal, timer.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    try {
      for (;;) {
        this.#lifecycle.assertOpen('waitForEvents', options.signal);
        if ((await this.#storage.headPosition()) > after) return true;
        if (timer.signal.aborted) return false;
        await this.#storage.waitForAppend(after, signal);
      }
    } finally {
      clearTimeout(timeout);
    }
  }

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#storage.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #append(
    stream: StreamId,
    events: readonly EventToAppend[],
    condition: AppendCondition,
    { signal }: OperationOptions,
    onWait: OnAppendWait,
  ): Promise<{ readonly status: string } & StreamPosition> {
    this.#lifecycle.assertOpen('appendEvents', signal);
    assertStreamId(stream, 'appendEvents');
    assertAppendCondition(condition);
    const { expectedVersion } = condition;
    const outcome =
      events.length === 0
        ? await this.#checkOnly(stream, condition)
        : await this.#storage.append(
            { stream, expectedVersion, records: encodeEvents(stream, events, expectedVersion, this.#registry) },
            signal,
            onWait,
          );
    if (outcome.status === 'conflict') throw new ConcurrencyError(stream, expectedVersion, outcome.actualVersion);
    if (outcome.status === 'id-conflict') throw new EventIdConflictError(stream, outcome.eventId);
    return outcome;
  }

  #read(
    method: string,
    operation: ReadOperation,
    options: OperationOptions & DecodeOptions,
    attributes: () => Attributes,
    open: () => AsyncIterable<readonly EventRecord[]>,
  ): EventStream<StoredEvent> {
    const assertOpen = (): void => this.#lifecycle.assertOpen(method, options.signal);
    const registry = options.events === undefined ? this.#registry : EventRegistry.from(options.events);
    return new EventStream(
      this.#telemetry.read(operation, attributes, () => {
        assertOpen();
        return decodePages(open, registry, assertOpen, (error) => this.#failures.report(method, {}, error));
      }),
    );
  }

  async #checkOnly(stream: StreamId, condition: AppendCondition): Promise<AppendOutcome> {
    const { version, position } = await this.#storage.streamPosition(stream);
    if (!meetsExpectedVersion(condition.expectedVersion, version)) return { status: 'conflict', actualVersion: version };
    return { status: 'duplicate', version, position };
  }
}
