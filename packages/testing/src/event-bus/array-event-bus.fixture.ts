import {
  BaseEventBus,
  type BrokerEventBusOptions,
  type ConsumerLag,
  cloudEvents,
  type DeadLetterStore,
  type DomainEvent,
  type EventTransport,
  type IncomingMessage,
  type OutgoingMessage,
  PendingPublish,
  publishTimeoutOf,
  type ReceiveMessage,
  type Route,
  type TransportDescription,
} from '@es/core';
import type { ArrayBroker, ArrayConsumer } from './array-broker.fixture.ts';

/** The plainest transport over a broker that keeps every promise; tests break it in one place and look whether the suite notices. */
export class ArrayTransport implements EventTransport {
  readonly description: TransportDescription;
  readonly deadLetters: DeadLetterStore;
  protected readonly broker: ArrayBroker;
  protected readonly options: BrokerEventBusOptions;
  readonly #codec = cloudEvents();
  #consumer: ArrayConsumer | undefined;

  constructor(broker: ArrayBroker, options: BrokerEventBusOptions) {
    const { consumerGroup } = options;
    this.broker = broker;
    this.options = options;
    this.description = {
      component: 'ArrayEventBus',
      scope: { name: 'array-event-bus', version: '1.2.3' },
      logger: 'eventsource.bus.array',
      system: 'array',
      publishOperation: 'send',
      ...(consumerGroup === undefined ? {} : { consumerGroup }),
      attributes: { 'server.address': 'broker' },
      deadLetterSource: this.groupName,
    };
    this.deadLetters = broker.lettersOf(this.groupName);
  }

  protected get groupName(): string {
    return this.options.consumerGroup ?? 'none';
  }

  routeOf({ aggregateId }: DomainEvent): Route {
    return { destination: 'array', attributes: { 'array.key': aggregateId } };
  }

  async send(messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void> {
    const pending = new PendingPublish(messages, { component: 'ArrayEventBus', timeoutMs: publishTimeoutOf(this.options), signal });
    for (const [index, message] of messages.entries()) {
      if (this.publish(message)) pending.confirm(index);
      else pending.fail(index, { code: 'ES_PUBLISH_UNROUTABLE', reason: 'no consumer group would get them.' });
    }
    await pending.done;
  }

  decode(message: IncomingMessage): DomainEvent {
    return this.#codec.decode(message, 'kafka');
  }

  async lag(): Promise<readonly ConsumerLag[]> {
    return [{ destination: 'array', messages: this.broker.group(this.groupName).lag }];
  }

  async start(receive: ReceiveMessage): Promise<void> {
    this.#consumer = { receive, left: new AbortController(), isPaused: false };
    this.broker.group(this.groupName).join(this.#consumer);
  }

  async pause(): Promise<void> {
    if (this.#consumer !== undefined) this.#consumer.isPaused = true;
  }

  async close(): Promise<void> {
    if (this.#consumer !== undefined) this.broker.group(this.groupName).leave(this.#consumer);
  }

  /** @returns whether the broker took the message. */
  protected publish({ event, headers }: OutgoingMessage): boolean {
    const encoded = this.#codec.encode(event, 'kafka');
    const texts = Object.entries(encoded.headers).map(([name, value]) => [name, String(value)]);
    const all = { ...headers, ...Object.fromEntries(texts), 'content-type': encoded.contentType };
    return this.broker.publish({ key: event.aggregateId, headers: all, body: encoded.body });
  }
}

/** A bus over an {@link ArrayBroker}. */
export class ArrayEventBus extends BaseEventBus {
  constructor(broker: ArrayBroker, options: BrokerEventBusOptions) {
    super(new ArrayTransport(broker, options), options);
  }
}
