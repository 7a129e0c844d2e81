import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { getLogger, type Logger, ROOT_CONTEXT, withContext } from '@es/otel';
import type { DeadLetterStore } from '../dead-letter/dead-letter-store.ts';
import { DeadLetterWriter } from '../dead-letter/dead-letter-writer.ts';
import { InMemoryDeadLetterStore } from '../dead-letter/in-memory-dead-letter-store.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import type { DomainEvent } from '../events/event.ts';
import type { AnyEventDefinition, EventOf } from '../events/event-definition.ts';
import { Lifecycle } from '../lifecycle.ts';
import { ConsumerTelemetry } from './consumer-telemetry.ts';
import { DeadLetterReplay } from './dead-letter-replay.ts';
import { decodeMessage } from './decode-message.ts';
import { Delivery } from './delivery.ts';
import type {
  EventBus,
  EventSubscription,
  ReplayDeadLettersOptions,
  ReplayOutcome,
  ReplayReport,
  StopOptions,
  StopReport,
  SubscribeOptions,
} from './event-bus.ts';
import { concurrencyOf, type EventBusOptions, retryOf } from './event-bus-options.ts';
import type { EventHandler } from './event-handler.ts';
import type { EventTypeSelector } from './event-selector.ts';
import type { EventTransport, IncomingMessage } from './event-transport.ts';
import { InHand } from './in-hand.ts';
import { KeyedLanes } from './keyed-lanes.ts';
import { MessageProcessor } from './message-processor.ts';
import { ProducerTelemetry } from './producer-telemetry.ts';
import { Slots } from './slots.ts';
import { Subscriptions } from './subscriptions.ts';
import { toWireEvent } from './wire-event.ts';

const defaultDeadlineMs = 10_000;

/** The event bus over a transport: checks, order, retries, dead letters and telemetry are the same for every adapter. Adapters extend it. */
export class BaseEventBus implements EventBus {
  readonly deadLetters: DeadLetterStore;
  readonly #transport: EventTransport;
  readonly #subscriptions: Subscriptions;
  readonly #producer: ProducerTelemetry;
  readonly #consumer: ConsumerTelemetry;
  readonly #processor: MessageProcessor;
  readonly #replay: DeadLetterReplay;
  readonly #logger: Logger;
  readonly #lifecycle: Lifecycle;
  readonly #lanes = new KeyedLanes();
  readonly #received = new InHand();
  readonly #replayed = new InHand();
  readonly #deadline = new AbortController();
  /** Set in all that handles messages, handlers too. */
  readonly #handling = new AsyncLocalStorage<true>();
  #started: Promise<void> | undefined;
  #stopMeasuring: () => void = () => undefined;
  #unfinished: number | undefined;

  /** @throws InvalidArgumentError when an option is out of its range; EventDefinitionError when two of the definitions share a type. */
  constructor(transport: EventTransport, options: EventBusOptions = {}) {
    const { component, deadLetterSource, logger } = transport.description;
    this.deadLetters = options.deadLetters ?? transport.deadLetters ?? new InMemoryDeadLetterStore();
    this.#transport = transport;
    this.#subscriptions = new Subscriptions(options.events);
    this.#producer = new ProducerTelemetry(transport.description, options);
    this.#consumer = new ConsumerTelemetry(transport.description, options);
    this.#logger = options.logger ?? getLogger(logger);
    this.#lifecycle = new Lifecycle(component);
    transport.observe?.(this.#consumer);
    this.#processor = new MessageProcessor({
      deadLetterSource,
      logger: this.#logger,
      retry: retryOf(options),
      signal: this.#deadline.signal,
      slots: new Slots(concurrencyOf(options)),
      subscriptions: this.#subscriptions,
      telemetry: this.#consumer,
      writer: new DeadLetterWriter(this.deadLetters, this.#logger, this.#deadline.signal),
    });
    this.#replay = new DeadLetterReplay({
      store: this.deadLetters,
      transport,
      deliver: (delivery) => this.#handling.run(true, () => this.#deliver(this.#replayed, delivery)),
    });
  }

  async publish(events: readonly DomainEvent[], options: OperationOptions = {}): Promise<void> {
    this.#assertCanPublish(options.signal);
    const { isComplete, registry } = this.#subscriptions;
    const routed = events.map((event) => {
      const wire = toWireEvent(event, registry);
      if (isComplete) registry.definitionOf(wire);
      return { event: wire, route: this.#transport.routeOf(wire) };
    });
    if (routed.length > 0) await this.#producer.publish(routed, (messages) => this.#transport.send(messages, options.signal));
  }

  subscribe<const Definition extends AnyEventDefinition>(
    events: Definition | readonly Definition[],
    handler: EventHandler<EventOf<Definition>>,
    options?: SubscribeOptions,
  ): EventSubscription;
  subscribe(events: EventTypeSelector, handler: EventHandler, options?: SubscribeOptions): EventSubscription;
  subscribe(
    events: AnyEventDefinition | readonly AnyEventDefinition[] | EventTypeSelector,
    handler: EventHandler<never>,
    options: SubscribeOptions = {},
  ): EventSubscription {
    this.assertOpen('subscribe');
    return this.#subscriptions.add(events, handler as EventHandler, options);
  }

  async startConsuming(options: OperationOptions = {}): Promise<void> {
    this.assertOpen('startConsuming', options.signal);
    this.#started ??= this.#start();
    await this.#started;
  }

  async replayDeadLetter(id: string, options: OperationOptions = {}): Promise<ReplayOutcome> {
    this.assertOpen('replayDeadLetter', options.signal);
    return this.#replay.one(id, options);
  }

  async replayDeadLetters(options: ReplayDeadLettersOptions = {}): Promise<ReplayReport> {
    this.assertOpen('replayDeadLetters', options.signal);
    return this.#replay.all(options);
  }

  async stop(options: StopOptions = {}): Promise<StopReport> {
    const { deadlineMs = defaultDeadlineMs } = options;
    if (!(deadlineMs >= 0))
      throw new InvalidArgumentError(`stop needs a deadlineMs that is a number of milliseconds from 0; it got ${String(deadlineMs)}.`);
    await this.#lifecycle.close(() => this.#finish(deadlineMs));
    return { unfinished: this.#unfinished ?? 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** @throws ClosedError after `stop()`; AbortedError if the signal is aborted. */
  protected assertOpen(operation: string, signal?: AbortSignal): void {
    this.#lifecycle.assertOpen(operation, signal);
  }

  /** What handlers publish while the bus finishes what it has in hand belongs to that, and must not fail. */
  #assertCanPublish(signal: AbortSignal | undefined): void {
    const isFinishing = this.#lifecycle.signal.aborted && this.#unfinished === undefined;
    if (!(isFinishing && this.#handling.getStore() === true)) this.assertOpen('publish', signal);
  }

  async #start(): Promise<void> {
    try {
      // Handlers run in the asynchronous context of this call, whoever publishes; but the span around it is not theirs.
      await withContext(ROOT_CONTEXT, () =>
        this.#handling.run(true, () => {
          const inConsumer = new AsyncResource('EventBusConsumer');
          return this.#transport.start((message, signal) => inConsumer.runInAsyncScope(this.#receive, this, message, signal));
        }),
      );
    } catch (error) {
      this.#started = undefined;
      throw error;
    }
    this.#stopMeasuring = this.#consumer.measureLag(this.#transport, this.#logger);
  }

  #receive(message: IncomingMessage, signal: AbortSignal | undefined): Promise<void> {
    this.#consumer.consumed(message);
    return this.#deliver(this.#received, new Delivery(message, () => decodeMessage(this.#transport, message), { signal }));
  }

  /** Handles a delivery in its turn. */
  async #deliver(inHand: InHand, delivery: Delivery): Promise<void> {
    const turn = this.#lanes.enter(delivery.lane);
    inHand.begin();
    try {
      // Also where nobody is before it: the transport takes note of the message before a handler runs, which may stop the bus.
      await turn.comes;
      await this.#processor.process(delivery);
    } finally {
      turn.leave();
      // What comes again is counted then.
      inHand.end(delivery.outcome === undefined && delivery.signal?.aborted !== true);
    }
  }

  async #finish(deadlineMs: number): Promise<void> {
    const timer = setTimeout(() => this.#deadline.abort(), deadlineMs);
    try {
      if (this.#started !== undefined) await this.#transport.pause();
      this.#stopMeasuring();
      const { signal } = this.#deadline;
      await Promise.all([this.#received.whenEmpty(signal), this.#replayed.whenEmpty(signal)]).catch(() => undefined);
    } finally {
      clearTimeout(timer);
      this.#deadline.abort();
      this.#unfinished = this.#received.unfinished + (this.#transport.undelivered ?? 0);
      if (this.#unfinished > 0) this.#logger.warn({ unfinished: this.#unfinished }, 'The bus was stopped with messages that are not done');
      await this.#transport.close();
    }
  }
}
