import { ATTR_AGGREGATE_ID, ATTR_AGGREGATE_TYPE, ATTR_VERSION, createMetrics, createTracing, type Span, type Tracing } from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import { SnapshotError } from '../errors/snapshot-error.ts';
import { DatabaseTelemetry } from '../event-store/database-telemetry.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import { FailureLog } from '../event-store/failure-log.ts';
import { assertStreamId, type StreamId } from '../event-store/stream-id.ts';
import type { JsonValue } from '../events/json.ts';
import { copyJson } from '../events/json-copy.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { SnapshotRecord, SnapshotStorage } from './snapshot-storage.ts';
import type { Snapshot, SnapshotStore } from './snapshot-store.ts';

/** The snapshot store over a storage: checks, encoding and telemetry are the same for every adapter. Adapters extend it. */
export class BaseSnapshotStore implements SnapshotStore {
  readonly #storage: SnapshotStorage;
  readonly #tracing: Tracing;
  readonly #database: DatabaseTelemetry;
  readonly #failures: FailureLog;
  readonly #lifecycle: Lifecycle;

  constructor(storage: SnapshotStorage, options: ComponentOptions = {}) {
    const { component, scope } = storage.description;
    this.#storage = storage;
    this.#tracing = createTracing(scope.name, { enabled: options.tracing ?? true, version: scope.version });
    const metrics = createMetrics(scope.name, { enabled: options.metrics ?? true, version: scope.version });
    this.#database = new DatabaseTelemetry(storage.description, metrics);
    this.#failures = new FailureLog(storage.description, options);
    this.#lifecycle = new Lifecycle(component);
  }

  save(snapshot: Snapshot, options: OperationOptions = {}): Promise<void> {
    return this.#operation('save', snapshot, options, async (span) => {
      span?.setAttribute(ATTR_VERSION, snapshot.version);
      await this.#storage.save(encode(snapshot));
    });
  }

  get(stream: StreamId, options: OperationOptions = {}): Promise<Snapshot | undefined> {
    return this.#operation('get', stream, options, async (span) => {
      const record = await this.#storage.get(stream);
      if (record === undefined) return undefined;
      span?.setAttribute(ATTR_VERSION, record.version);
      return decode(record);
    });
  }

  delete(stream: StreamId, options: OperationOptions = {}): Promise<boolean> {
    return this.#operation('delete', stream, options, () => this.#storage.delete(stream));
  }

  exists(stream: StreamId, options: OperationOptions = {}): Promise<boolean> {
    return this.#operation('exists', stream, options, () => this.#storage.exists(stream));
  }

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#storage.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #operation<T>(operation: string, stream: StreamId, options: OperationOptions, fn: (span?: Span) => Promise<T>): Promise<T> {
    const name = `snapshot_${operation}`;
    const checked = (span?: Span): Promise<T> =>
      this.#failures.watch(operation, { ...stream }, async () => {
        this.#lifecycle.assertOpen(operation, options.signal);
        assertStreamId(stream, `snapshot ${operation}`);
        try {
          return await fn(span);
        } catch (error) {
          this.#database.noteStatus(span, error);
          throw error;
        }
      });
    return this.#tracing.span(
      `eventsource.snapshot.${operation}`,
      () => ({
        ...this.#database.spanAttributes(name),
        [ATTR_AGGREGATE_TYPE]: stream?.aggregateType,
        [ATTR_AGGREGATE_ID]: stream?.aggregateId,
      }),
      (span) => this.#database.time(name, () => checked(span)),
      { kind: this.#storage.description.spanKind },
    );
  }
}

function encode(snapshot: Snapshot): SnapshotRecord {
  for (const field of ['version', 'stateSchemaVersion'] as const) {
    if (!Number.isSafeInteger(snapshot[field]) || snapshot[field] < 1) {
      throw new InvalidArgumentError(
        `A snapshot of ${snapshot.aggregateType} ${snapshot.aggregateId} needs a ${field} that is a whole number from 1; it has ${String(snapshot[field])}.`,
      );
    }
  }
  const { value, issues } = copyJson(snapshot.state, snapshot.state);
  const [issue] = issues;
  if (issue !== undefined) {
    throw new InvalidArgumentError(
      `The state of ${snapshot.aggregateType} ${snapshot.aggregateId} can't be a snapshot: ${issue.path === '' ? 'it' : issue.path} ${issue.message}. Give the aggregate a state codec.`,
    );
  }
  const { aggregateType, aggregateId, version, stateSchemaVersion, createdAt } = snapshot;
  return { aggregateType, aggregateId, version, stateSchemaVersion, createdAt, state: JSON.stringify(value) };
}

function decode(record: SnapshotRecord): Snapshot {
  try {
    const state: JsonValue = JSON.parse(record.state);
    return { ...record, state };
  } catch (cause) {
    throw new SnapshotError(record, 'its state is not JSON', { cause });
  }
}
