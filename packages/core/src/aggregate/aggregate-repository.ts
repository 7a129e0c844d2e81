import { AggregateNotFoundError } from '../errors/aggregate-not-found-error.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { AppendResult, OperationOptions } from '../event-store/event-store.ts';
import type { JsonValue } from '../events/json.ts';
import { type RetryPolicy, resolveRetryPolicy } from '../retry/retry-policy.ts';
import { type AggregateClass, type AnyAggregate, registryOf, type StateOf } from './aggregate-class.ts';
import { COMMIT, REPLAY, RESTORE, STORED } from './aggregate-internals.ts';
import type { AggregateModel } from './aggregate-model.ts';
import { AggregateStore, type AggregateStoreOptions } from './aggregate-store.ts';
import { conflictRetryDefaults } from './conflict-retry.ts';

/** What a repository is made of. */
export interface AggregateRepositoryOptions<Aggregate extends AnyAggregate> extends AggregateStoreOptions {
  /** The class of its aggregates. */
  readonly aggregate: AggregateClass<Aggregate>;
}

/** How an update goes about. */
export interface UpdateOptions extends OperationOptions {
  /** How often and how fast a conflict is retried; default: 5 attempts. */
  readonly retry?: Partial<RetryPolicy>;
  /** Begins with a new aggregate where there is none; default false. */
  readonly orCreate?: boolean;
}

/** Loads and saves the aggregates of one class. */
export class AggregateRepository<Aggregate extends AnyAggregate> {
  readonly #class: AggregateClass<Aggregate>;
  readonly #store: AggregateStore<Aggregate>;
  readonly #saving = new WeakMap<Aggregate, Promise<unknown>>();

  /** @throws EventDefinitionError when the class lacks its statics or defines an event twice; InvalidArgumentError when a snapshot option is not valid. */
  constructor(options: AggregateRepositoryOptions<Aggregate>) {
    this.#class = options.aggregate;
    this.#store = new AggregateStore(classModel(options.aggregate), options);
  }

  /** A new aggregate without events; nothing is stored before it is saved. */
  createNew(id: string): Aggregate {
    return new this.#class(id);
  }

  /**
   * Rebuilds an aggregate from its latest snapshot, if any, and the events since.
   *
   * @throws AggregateNotFoundError when it has no events; EventDataError, UnknownEventTypeError or UpcastError when one can't be decoded;
   * StorageError when the database fails.
   */
  async load(id: string, options: OperationOptions = {}): Promise<Aggregate> {
    const { root } = await this.#store.load(id, options, ({ version }) => {
      if (version === 0) throw new AggregateNotFoundError({ aggregateType: this.#class.aggregateType, aggregateId: id });
    });
    return root;
  }

  /**
   * Appends the aggregate's pending events. They stay pending when that fails, with their ids, so that saving again is safe even where the
   * outcome is unknown. An aggregate without pending events is left as it is. Saves of one aggregate object run one after another.
   *
   * @returns the aggregate's version, and the position of its last event: a reader that has seen it has seen this save.
   * @throws ConcurrencyError when someone else has appended in between; StorageError when the database fails.
   */
  save(aggregate: Aggregate, options: OperationOptions = {}): Promise<AppendResult> {
    return this.#save(aggregate, options);
  }

  /** Tells whether an aggregate has events. */
  exists(id: string, options: OperationOptions = {}): Promise<boolean> {
    return this.#store.exists(id, options);
  }

  /**
   * Takes a snapshot of a saved aggregate.
   *
   * @throws InvalidArgumentError when the repository has no snapshot store, the aggregate was never saved or has pending events, or its state
   * is not JSON; StorageError when the database fails.
   */
  async createSnapshot(aggregate: Aggregate, options: OperationOptions = {}): Promise<void> {
    if (aggregate.pendingEvents.length > 0) {
      throw new InvalidArgumentError(`createSnapshot of ${aggregate.aggregateType} ${aggregate.id} found pending events; save them first.`);
    }
    await this.#store.createSnapshot(aggregate.id, aggregate, aggregate.version, options);
  }

  /**
   * Loads an aggregate, changes it and saves it; on a version conflict all of that again, by policy.
   *
   * @param change - May run several times, each time on a freshly loaded aggregate.
   * @returns the saved aggregate, its version, and the position of its last event.
   * @throws AggregateNotFoundError unless `orCreate`; ConcurrencyError when the last attempt conflicts too; what `change` throws.
   */
  update(
    id: string,
    change: (aggregate: Aggregate) => void | Promise<void>,
    options: UpdateOptions = {},
  ): Promise<AppendResult & { readonly aggregate: Aggregate }> {
    const policy = resolveRetryPolicy(options.retry, conflictRetryDefaults);
    return this.#store.retryConflicts(policy, options.signal, async (retries) => {
      const aggregate = options.orCreate === true ? (await this.#store.load(id, options)).root : await this.load(id, options);
      await change(aggregate);
      const result = await this.#save(aggregate, options, retries);
      return { ...result, aggregate };
    });
  }

  async #save(aggregate: Aggregate, options: OperationOptions, retries = 0): Promise<AppendResult> {
    const previous = this.#saving.get(aggregate);
    const saving = Promise.resolve(previous?.catch(() => undefined)).then(() => this.#append(aggregate, options, retries));
    this.#saving.set(aggregate, saving);
    return saving;
  }

  async #append(aggregate: Aggregate, options: OperationOptions, retries: number): Promise<AppendResult> {
    const events = aggregate.pendingEvents;
    const stored = aggregate[STORED];
    if (events.length === 0) return { version: stored.version, position: stored.position };
    const unsaved = { id: aggregate.id, root: aggregate, storedVersion: stored.version, events };
    return this.#store.save(unsaved, { ...options, retries }, (result) => aggregate[COMMIT](events, result));
  }
}

function classModel<Aggregate extends AnyAggregate>(aggregateClass: AggregateClass<Aggregate>): AggregateModel<Aggregate> {
  const codec = aggregateClass.stateCodec;
  return {
    type: aggregateClass.aggregateType,
    registry: registryOf(aggregateClass),
    stateSchemaVersion: codec?.schemaVersion ?? 1,
    create: (id) => new aggregateClass(id),
    replay: (aggregate, event) => {
      aggregate[REPLAY](event);
      return aggregate;
    },
    toSnapshot: (aggregate) =>
      codec?.encode === undefined ? (aggregate.state as JsonValue) : codec.encode(aggregate.state as StateOf<Aggregate>),
    fromSnapshot: (id, state, version) => {
      const aggregate = new aggregateClass(id);
      aggregate[RESTORE](codec?.decode === undefined ? state : codec.decode(state), version);
      return aggregate;
    },
  };
}
