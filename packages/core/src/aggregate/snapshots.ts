import type { Logger } from '@es/otel';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import type { Snapshot, SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { AggregateModel, Loaded } from './aggregate-model.ts';

/** Where snapshots are kept, and when they are taken. */
export interface SnapshotOptions {
  readonly store: SnapshotStore;
  /** Takes a snapshot with the save that completes so many events, again and again; default: only on `createSnapshot`. */
  readonly every?: number;
}

/** The snapshots of one kind of aggregate. They are a shortcut: whatever is wrong with one is logged, and costs no more than a full replay. */
export class Snapshots<Root> {
  readonly #model: AggregateModel<Root>;
  readonly #store: SnapshotStore;
  readonly #every: number | undefined;
  readonly #logger: Logger;

  /** @throws InvalidArgumentError when `every` is not a whole number from 1. */
  constructor(model: AggregateModel<Root>, { store, every }: SnapshotOptions, logger: Logger) {
    if (every !== undefined && (!Number.isSafeInteger(every) || every < 1)) {
      throw new InvalidArgumentError(
        `Snapshots of ${model.type} need an \`every\` that is a whole number from 1; it got ${String(every)}.`,
      );
    }
    this.#model = model;
    this.#store = store;
    this.#every = every;
    this.#logger = logger;
  }

  /** The aggregate as its snapshot has it, or `undefined` where there is none that this code can use. */
  async find(id: string, options: OperationOptions): Promise<Loaded<Root> | undefined> {
    const stream = { aggregateType: this.#model.type, aggregateId: id };
    try {
      const snapshot = await this.#store.get(stream, options);
      if (snapshot === undefined || snapshot.stateSchemaVersion !== this.#model.stateSchemaVersion) return undefined;
      return { root: this.#model.fromSnapshot(id, snapshot.state, snapshot.version), version: snapshot.version, position: 0n };
    } catch (error) {
      options.signal?.throwIfAborted();
      this.#logger.warn({ err: error, ...stream }, 'A snapshot could not be used; replaying all events instead.');
      return undefined;
    }
  }

  /** Drops a snapshot that is ahead of its stream, as after a restore of the event store from a backup. */
  async dropAhead(id: string, version: number, options: OperationOptions): Promise<void> {
    const stream = { aggregateType: this.#model.type, aggregateId: id };
    this.#logger.warn({ ...stream, version }, 'A snapshot is ahead of its stream; dropping it and replaying all events instead.');
    try {
      await this.#store.delete(stream, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      this.#logger.warn({ err: error, ...stream }, 'The snapshot could not be dropped.');
    }
  }

  /** Tells whether a save that led from one version to another completes the number of events for which a snapshot is due. */
  isDue(before: number, after: number): boolean {
    return this.#every !== undefined && Math.floor(after / this.#every) > Math.floor(before / this.#every);
  }

  async take(id: string, root: Root, version: number, options: OperationOptions): Promise<void> {
    const snapshot: Snapshot = {
      aggregateType: this.#model.type,
      aggregateId: id,
      version,
      stateSchemaVersion: this.#model.stateSchemaVersion,
      state: this.#model.toSnapshot(root),
      createdAt: new Date().toISOString(),
    };
    await this.#store.save(snapshot, options);
  }
}
