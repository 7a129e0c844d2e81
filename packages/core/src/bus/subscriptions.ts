import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { AnyEventDefinition } from '../events/event-definition.ts';
import { EventRegistry } from '../events/event-registry.ts';
import type { EventSubscription, SubscribeOptions } from './event-bus.ts';
import type { EventHandler } from './event-handler.ts';
import { type EventTypeSelector, selectEvents } from './event-selector.ts';

/** Of how many types it is remembered who wants them. */
const mostTypes = 1_000;

/** A subscribed handler. */
export interface Subscriber {
  readonly name: string;
  readonly handler: EventHandler;
  /** `undefined`: all. */
  readonly types: ReadonlySet<string> | undefined;
}

/** The handlers of one bus, and the definitions that they and the bus were given. */
export class Subscriptions {
  readonly #subscribers = new Map<string, Subscriber>();
  /** Answers of `of`, until a handler comes or goes. */
  readonly #byType = new Map<string, readonly Subscriber[]>();
  #registry: EventRegistry;
  /** Whether the bus was given the definitions of all events, so that any other type is an error. */
  readonly isComplete: boolean;

  constructor(events: EventRegistry | Iterable<AnyEventDefinition> | undefined) {
    this.isComplete = events !== undefined;
    this.#registry = EventRegistry.from(events ?? []);
  }

  get registry(): EventRegistry {
    return this.#registry;
  }

  add(
    selector: AnyEventDefinition | readonly AnyEventDefinition[] | EventTypeSelector,
    handler: EventHandler,
    options: SubscribeOptions,
  ): EventSubscription {
    const { types, definitions } = selectEvents(selector);
    if (typeof handler !== 'function') throw new InvalidArgumentError('subscribe needs a function as its handler.');
    const name = options.name ?? (handler.name || [...(types ?? ['all events'])].join(', '));
    this.#assertFree(name);
    this.#registry = this.#registry.with(definitions);
    const subscriber: Subscriber = { name, handler, types };
    this.#subscribers.set(name, subscriber);
    this.#byType.clear();
    return { name, unsubscribe: () => this.#remove(subscriber) };
  }

  /** Those who want events of a type, in the order in which they subscribed. */
  of(type: string): readonly Subscriber[] {
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    const found = [...this.#subscribers.values()].filter(({ types }) => types === undefined || types.has(type));
    // Types come from outside, and there may be any number of them.
    if (this.#byType.size >= mostTypes) this.#byType.clear();
    this.#byType.set(type, found);
    return found;
  }

  has(subscriber: Subscriber): boolean {
    return this.#subscribers.get(subscriber.name) === subscriber;
  }

  #remove(subscriber: Subscriber): void {
    if (!this.has(subscriber)) return;
    this.#subscribers.delete(subscriber.name);
    this.#byType.clear();
  }

  #assertFree(name: string): void {
    if (name === '') throw new InvalidArgumentError('subscribe needs a name that is not empty.');
    if (this.#subscribers.has(name)) {
      throw new InvalidArgumentError(
        `This bus has a handler named ${JSON.stringify(name)} already, and dead letters find their handler by its name. Name this one: subscribe(…, handler, { name }).`,
      );
    }
  }
}
