import {
  ALL_EVENTS,
  type AnyEventDefinition,
  type ComponentOptions,
  type DomainEvent,
  decodeEventData,
  type EventBus,
  type EventStore,
  type EventSubscription,
  InvalidArgumentError,
  type OperationOptions,
  throwIfAborted,
  withEventContext,
} from '@es/core';
import { HandlerTable } from './handler-table.ts';
import { ProjectionError, positionOf } from './projection-error.ts';
import type { ProjectionContext, ProjectionHandler } from './projection-handler.ts';
import { ProjectionTelemetry } from './projection-telemetry.ts';

/** How a projection is set up. Its spans are off unless `tracing` is true; its metrics are on. */
export interface ProjectionOptions extends Omit<ComponentOptions, 'logger'> {
  /** Names the projection in spans, metrics, errors and on a bus; keep it across releases. Default: the name of its class. */
  readonly name?: string;
  /** What to do about an event of a type that no handler is for: pass over it, or fail; default `ignore`. */
  readonly unhandled?: 'ignore' | 'error';
}

/** What the feed of a projection knows of an event beside itself. */
export interface HandleEventOptions extends OperationOptions {
  /** How often the event has been handed over, this time included; default 1. */
  readonly attempt?: number;
}

/** Where to begin to catch up. */
export interface CatchUpOptions extends OperationOptions {
  /** The position up to which everything has been handled; default 0: nothing. */
  readonly after?: bigint;
}

const unlimited = new AbortController().signal;

/**
 * A view of what happened, kept up to date by a handler for each type of event. Subclasses declare theirs with `on`:
 *
 *     protected readonly handlers = [on(TaskCreated, (event) => …), on(TaskCompleted, (event) => …)];
 */
export abstract class DeclarativeProjection {
  readonly name: string;
  /** The handlers; for one event they run one after another in this order. */
  protected abstract readonly handlers: readonly ProjectionHandler[];
  readonly #unhandled: 'ignore' | 'error';
  readonly #telemetry: ProjectionTelemetry;
  #table: HandlerTable | undefined;

  /** @throws InvalidArgumentError when there is no name. */
  constructor(options: ProjectionOptions = {}) {
    this.name = options.name ?? new.target.name;
    if (this.name === '') throw new InvalidArgumentError('A projection needs a name: pass { name }, or give its class one.');
    this.#unhandled = options.unhandled ?? 'ignore';
    this.#telemetry = new ProjectionTelemetry(this.name, options);
  }

  /** The definitions of the events that are handled. */
  get eventDefinitions(): readonly AnyEventDefinition[] {
    return this.#handlers.definitions;
  }

  /**
   * Handles one event: decodes it by its definition and calls its handlers, in its message context.
   *
   * @throws ProjectionError when the event can't be decoded, a handler fails (those behind it are not called), or no handler is for it and
   * that is an error; AbortedError when the signal is aborted.
   */
  async handle(event: DomainEvent, options: HandleEventOptions = {}): Promise<void> {
    throwIfAborted(options.signal, `Projection ${this.name}: handle`);
    const handlers = this.#handlers.of(event.type);
    if (handlers.length === 0 && this.#unhandled === 'ignore') return;
    const context = { attempt: options.attempt ?? 1, position: positionOf(event), signal: options.signal ?? unlimited };
    await this.#telemetry.handle(event, () =>
      withEventContext(event, async () => {
        if (handlers.length === 0) throw this.#noHandler(event);
        const decoded = this.#decode(event);
        for (const handler of handlers) await this.#run(handler, decoded, context);
      }),
    );
  }

  /** Has a bus feed this projection from now on: with the events that it handles, or with all where others are an error. */
  subscribeTo(bus: EventBus): EventSubscription {
    const handler = (event: DomainEvent, context: HandleEventOptions): Promise<void> => this.handle(event, context);
    if (this.#unhandled === 'error') return bus.subscribe(ALL_EVENTS, handler, { name: this.name });
    return bus.subscribe(this.eventDefinitions, handler, { name: this.name });
  }

  /**
   * Handles what a store holds behind a position, up to its end at the start of the call.
   *
   * @returns the position up to which everything has been handled, to go on from there another time.
   * @throws ProjectionError at the first event that can't be handled; it says at which position.
   */
  async catchUp(store: EventStore, options: CatchUpOptions = {}): Promise<bigint> {
    const { after = 0n, signal } = options;
    const operation = signal === undefined ? {} : { signal };
    const end = await store.getHeadPosition(operation);
    if (end <= after) return after;
    const { registry } = this.#handlers;
    const filter = this.#unhandled === 'ignore' ? { types: registry.types, events: registry } : {};
    for await (const page of store.readAll({ ...operation, ...filter, after, upTo: end }).pages()) {
      for (const event of page) await this.handle(event, operation);
    }
    return end;
  }

  /** Read at the first use, since a subclass's fields do not exist yet in this constructor. */
  get #handlers(): HandlerTable {
    this.#table ??= new HandlerTable(this.name, this.handlers);
    return this.#table;
  }

  #noHandler(event: DomainEvent): ProjectionError {
    const reason = "no handler is for its type; declare one with on(), or let such events pass with unhandled: 'ignore'";
    return new ProjectionError(this.name, undefined, event, reason);
  }

  #decode(event: DomainEvent): DomainEvent {
    try {
      return decodeEventData(event, this.#handlers.registry);
    } catch (cause) {
      throw new ProjectionError(this.name, undefined, event, messageOf(cause), { cause });
    }
  }

  async #run({ name, handle }: ProjectionHandler, event: DomainEvent, context: ProjectionContext): Promise<void> {
    try {
      await this.#telemetry.handler(event, name, async () => handle(event, context));
    } catch (cause) {
      throw new ProjectionError(this.name, name, event, messageOf(cause), { cause });
    }
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
