import { InvalidArgumentError } from '../errors/argument-error.ts';
import { EventDefinitionError } from '../errors/event-definition-error.ts';
import type { StreamPosition } from '../event-store/event-storage.ts';
import { draftEvent } from '../events/draft-event.ts';
import type { DomainEvent } from '../events/event.ts';
import type { AnyEventDefinition, DraftArguments, EventDefinition, EventDraftOptions, EventOf } from '../events/event-definition.ts';
import { stampEvent } from '../events/stamp-event.ts';
import { currentMessageContext } from '../message/message-context.ts';
import { type AggregateStatics, registryOf } from './aggregate-class.ts';
import { COMMIT, REPLAY, RESTORE, STORED } from './aggregate-internals.ts';

/** What `raise` takes after the definition. */
export type RaiseArguments<Definition> = Definition extends EventDefinition<string, infer Schema> ? DraftArguments<Schema> : never;

/**
 * Base class of aggregates: consistency boundaries whose state is what their events made of it.
 *
 * A subclass has `static readonly aggregateType` and `static readonly events`, says how it begins and how an event changes it, and raises
 * events from its methods.
 *
 * @typeParam State - Treated as immutable: `apply` returns the next one.
 * @typeParam Definition - Union of the types of its event definitions, such as `typeof TaskCreated | typeof TaskCompleted`.
 */
export abstract class AggregateRoot<State, Definition extends AnyEventDefinition> {
  readonly id: string;
  readonly #pending: DomainEvent[] = [];
  #state: { readonly value: State } | undefined;
  #stored: StreamPosition = { version: 0, position: 0n };

  /**
   * @param id - Unique within the aggregate's type.
   * @throws InvalidArgumentError when the id is empty; EventDefinitionError when the class lacks its statics.
   */
  constructor(id: string) {
    if (typeof id !== 'string' || id === '')
      throw new InvalidArgumentError(`A ${this.constructor.name} needs a non-empty string as its id; it got ${JSON.stringify(id)}.`);
    registryOf(this.#statics);
    this.id = id;
  }

  /** The state before the first event. */
  protected abstract initialState(): State;

  /** The state after an event. Decides nothing and has no effects: it runs again at every load. */
  protected abstract apply(state: State, event: EventOf<Definition>): State;

  get state(): State {
    // Not in the constructor, since a subclass's fields don't exist yet there.
    this.#state ??= { value: this.initialState() };
    return this.#state.value;
  }

  /** Name of the kind of aggregate. */
  get aggregateType(): string {
    return this.#statics.aggregateType;
  }

  /** Number of the aggregate's events, pending ones included; 0 for a new one. */
  get version(): number {
    return this.#stored.version + this.#pending.length;
  }

  /** Events that were raised and not saved yet, oldest first. */
  get pendingEvents(): readonly EventOf<Definition>[] {
    return [...this.#pending] as unknown as readonly EventOf<Definition>[];
  }

  /**
   * Records that something happened: validates the data, applies the event, and keeps it until the aggregate is saved.
   *
   * @returns the event, with this aggregate's id, type and next version, and what the current message context hands on.
   * @throws EventDataError when the data is not valid; EventDefinitionError when the definition is not in the class's `events`. The aggregate
   * is unchanged then, as it is when `apply` throws.
   */
  protected raise<Raised extends Definition>(definition: Raised, ...args: RaiseArguments<Raised>): EventOf<Raised> {
    const registry = registryOf(this.#statics);
    if (!registry.has(definition.type) || registry.definitionOf({ type: definition.type, id: '' }) !== definition) {
      throw new EventDefinitionError(
        `${this.constructor.name} raised ${definition.type}, which is not in its static \`events\` (${registry.types.join(', ')}). Add the definition there, so that it can be loaded again.`,
      );
    }
    const [data, options] = args as readonly [unknown?, EventDraftOptions?];
    const around = currentMessageContext();
    // What is saved together belongs together, also where no context says so.
    const correlationId = around.correlationId ?? this.#pending[0]?.correlationId;
    const context = correlationId === undefined ? around : { ...around, correlationId };
    const stream = { aggregateType: this.aggregateType, aggregateId: this.id };
    const event = stampEvent(draftEvent(definition, data, options), stream, this.version + 1, context);
    const next = this.apply(this.state, event as unknown as EventOf<Definition>);
    this.#state = { value: next };
    this.#pending.push(event);
    return event as unknown as EventOf<Raised>;
  }

  /** @internal */
  get [STORED](): StreamPosition {
    return this.#stored;
  }

  /** @internal */
  [REPLAY](event: DomainEvent & { readonly position: bigint }): void {
    this.#state = { value: this.apply(this.state, event as unknown as EventOf<Definition>) };
    this.#stored = { version: event.version, position: event.position };
  }

  /** @internal */
  [RESTORE](state: State, version: number): void {
    this.#state = { value: state };
    this.#stored = { version, position: 0n };
  }

  /** @internal */
  [COMMIT](events: readonly DomainEvent[], stored: StreamPosition): void {
    if (stored.version <= this.#stored.version) return;
    const saved = new Set(events.map((event) => event.id));
    const rest = this.#pending.filter((event) => !saved.has(event.id));
    this.#pending.splice(0, this.#pending.length, ...rest);
    this.#stored = stored;
  }

  get #statics(): AggregateStatics {
    return this.constructor as unknown as AggregateStatics;
  }
}
