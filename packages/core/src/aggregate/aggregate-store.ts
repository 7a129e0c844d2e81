import { getLogger, type Logger } from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import { hasErrorCode } from '../errors/has-error-code.ts';
import { StorageError } from '../errors/storage-error.ts';
import type { AppendResult, EventStore, OperationOptions } from '../event-store/event-store.ts';
import type { StreamId } from '../event-store/stream-id.ts';
import type { StoredEvent } from '../events/event.ts';
import { delay } from '../retry/delay.ts';
import { backoffDelay, type RetryPolicy } from '../retry/retry-policy.ts';
import type { AggregateModel, Loaded, Unsaved } from './aggregate-model.ts';
import { RepositoryTelemetry } from './repository-telemetry.ts';
import { type SnapshotOptions, Snapshots } from './snapshots.ts';

/** What a repository or a command handler works with. */
export interface AggregateStoreOptions extends ComponentOptions {
  readonly eventStore: EventStore;
  /** Without it no snapshots are read or taken. */
  readonly snapshots?: SnapshotOptions;
}

/** The one path between aggregates and their store, shared by class aggregates and deciders. */
export class AggregateStore<Root> {
  readonly #model: AggregateModel<Root>;
  readonly #eventStore: EventStore;
  readonly #snapshots: Snapshots<Root> | undefined;
  readonly #telemetry: RepositoryTelemetry;
  readonly #logger: Logger;

  constructor(model: AggregateModel<Root>, options: AggregateStoreOptions) {
    this.#model = model;
    this.#eventStore = options.eventStore;
    this.#logger = options.logger ?? getLogger('eventsource.repository');
    this.#snapshots = options.snapshots === undefined ? undefined : new Snapshots(model, options.snapshots, this.#logger);
    this.#telemetry = new RepositoryTelemetry(model.type, options);
  }

  /** Rebuilds an aggregate; one without events has version 0. `inspect` runs within the load's span, so that what it throws shows there. */
  load(id: string, options: OperationOptions, inspect: (loaded: Loaded<Root>) => void = () => undefined): Promise<Loaded<Root>> {
    return this.#telemetry.load(id, async (report) => {
      const snapshot = await this.#snapshots?.find(id, options);
      const continued = snapshot === undefined ? undefined : await this.#continue(id, snapshot, options);
      const loaded = continued ?? (await this.#replay(id, { root: this.#model.create(id), version: 0, position: 0n }, 1, options));
      const start = continued === undefined ? 0 : (snapshot?.version ?? 0);
      report({ version: loaded.version, eventsReplayed: loaded.version - start, snapshotUsed: continued !== undefined });
      inspect(loaded);
      return loaded;
    });
  }

  /** Appends the events, then takes a snapshot where one is due. A snapshot that fails does not fail the save. */
  save(
    unsaved: Unsaved<Root>,
    options: OperationOptions & { readonly retries?: number },
    committed: (result: AppendResult) => void,
  ): Promise<AppendResult> {
    const { id, events, storedVersion } = unsaved;
    const expectedVersion = storedVersion === 0 ? 'no-stream' : storedVersion;
    return this.#telemetry.save(id, events.length, expectedVersion, options.retries ?? 0, async () => {
      const result = await this.#eventStore.appendEvents(this.#stream(id), events, { expectedVersion }, options);
      committed(result);
      if (this.#snapshots?.isDue(storedVersion, result.version) === true) await this.#tryCreateSnapshot(unsaved, result.version, options);
      return result;
    });
  }

  exists(id: string, options: OperationOptions): Promise<boolean> {
    return this.#telemetry.exists(id, async () => {
      const event = await this.#eventStore.getEvents(this.#stream(id), { ...options, limit: 1, events: this.#model.registry }).first();
      return event !== undefined;
    });
  }

  /** @throws InvalidArgumentError when no snapshot store was given, or there is nothing to take a snapshot of. */
  createSnapshot(id: string, root: Root, version: number, options: OperationOptions): Promise<void> {
    return this.#telemetry.createSnapshot(id, version, async () => {
      const name = `${this.#model.type} ${id}`;
      if (this.#snapshots === undefined)
        throw new InvalidArgumentError(`createSnapshot of ${name} needs a snapshot store; give the repository \`snapshots: { store }\`.`);
      if (version === 0) throw new InvalidArgumentError(`createSnapshot of ${name} found no stored events; save the aggregate first.`);
      await this.#snapshots.take(id, root, version, options);
    });
  }

  /** Runs an attempt again, by the policy, as long as it ends in a version conflict. */
  async retryConflicts<T>(policy: RetryPolicy, signal: AbortSignal | undefined, attempt: (retries: number) => Promise<T>): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await attempt(retries);
      } catch (error) {
        if (!hasErrorCode(error, 'ES_CONCURRENCY') || retries + 1 >= policy.maxAttempts) throw error;
      }
      this.#telemetry.countRetry();
      await delay(backoffDelay(policy, retries + 1), signal);
    }
  }

  async #tryCreateSnapshot({ id, root }: Unsaved<Root>, version: number, options: OperationOptions): Promise<void> {
    try {
      await this.createSnapshot(id, root, version, options);
    } catch (error) {
      this.#logger.warn(
        { err: error, ...this.#stream(id), version },
        'The events are saved, but the snapshot that was due could not be taken.',
      );
    }
  }

  /** Goes on from a snapshot. Its own last event is read too: if that is missing, the snapshot is ahead of the stream. */
  async #continue(id: string, snapshot: Loaded<Root>, options: OperationOptions): Promise<Loaded<Root> | undefined> {
    const loaded = await this.#replay(id, snapshot, snapshot.version, options);
    if (loaded.position > 0n) return loaded;
    await this.#snapshots?.dropAhead(id, snapshot.version, options);
    return undefined;
  }

  async #replay(id: string, start: Loaded<Root>, fromVersion: number, options: OperationOptions): Promise<Loaded<Root>> {
    let { root, version, position } = start;
    const stream = this.#eventStore.getEvents(this.#stream(id), { ...options, fromVersion, events: this.#model.registry });
    for await (const page of stream.pages()) {
      for (const event of page) {
        if (event.version > version) {
          assertNext(event, version);
          root = this.#model.replay(root, event);
          version = event.version;
        }
        position = event.position;
      }
    }
    return { root, version, position };
  }

  #stream(id: string): StreamId {
    return { aggregateType: this.#model.type, aggregateId: id };
  }
}

function assertNext(event: StoredEvent, version: number): void {
  if (event.version === version + 1) return;
  throw new StorageError(
    'ES_STORAGE_CORRUPT',
    `${event.aggregateType} ${event.aggregateId} has event ${event.id} at version ${event.version} right after version ${version}: its stream has a hole. Restore the missing events before you go on.`,
  );
}
