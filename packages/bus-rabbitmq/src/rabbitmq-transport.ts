import {
  type ConsumerLag,
  type DomainEvent,
  type EventTransport,
  type IncomingMessage,
  InvalidArgumentError,
  type OutgoingMessage,
  PendingPublish,
  publishTimeoutOf,
  type ReceiveMessage,
  type Route,
  reconnectOf,
  type TransportDescription,
  type TransportObserver,
} from '@es/core';
import { ATTR_MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY, getLogger } from '@es/otel';
import { ConsumerGroup } from './consumer-group.ts';
import { EventPublication } from './event-publication.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from './package-info.ts';
import { Publisher } from './publisher.ts';
import { RabbitMQDeadLetterStore } from './rabbitmq-dead-letter-store.ts';
import { type RabbitMQEventBusOptions, type ResolvedRabbitMQOptions, resolveOptions } from './rabbitmq-options.ts';
import { serverOf } from './rabbitmq-server.ts';
import { slotOf } from './slot-of.ts';
import { declareExchange } from './topology.ts';
import { groupNames, slotKey } from './topology-names.ts';

const component = 'RabbitMQEventBus';
const loggerName = 'eventsource.bus.rabbitmq';
const nobody: TransportObserver = { reconnected: () => undefined, rebalanced: () => undefined };

/** Carries events over RabbitMQ. */
export class RabbitMQTransport implements EventTransport {
  readonly description: TransportDescription;
  readonly deadLetters?: RabbitMQDeadLetterStore;
  readonly #options: ResolvedRabbitMQOptions;
  readonly #publishTimeoutMs: number;
  readonly #publisher: Publisher;
  readonly #group: ConsumerGroup | undefined;
  #observer: TransportObserver = nobody;

  /** @throws InvalidArgumentError when an option can't be meant. */
  constructor(options: RabbitMQEventBusOptions) {
    const resolved = resolveOptions(options);
    const { consumerGroup, exchange } = resolved;
    const server = serverOf(options);
    const logger = options.logger ?? getLogger(loggerName);
    const policy = reconnectOf(options);
    this.#options = resolved;
    this.#publishTimeoutMs = publishTimeoutOf(options);
    this.description = {
      component,
      scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
      logger: loggerName,
      system: 'rabbitmq',
      publishOperation: 'publish',
      ...(consumerGroup === undefined ? {} : { consumerGroup }),
      attributes: server.attributes,
      deadLetterSource: consumerGroup ?? exchange,
    };
    this.#publisher = new Publisher({
      operation: `${component}.publish`,
      server,
      policy,
      logger,
      prepare: (connection) => declareExchange(connection, server.place, resolved),
      onReconnected: () => this.#observer.reconnected(),
    });
    if (consumerGroup === undefined) return;
    this.deadLetters = new RabbitMQDeadLetterStore({ ...options, consumerGroup });
    const names = groupNames(consumerGroup, resolved, options);
    this.#group = new ConsumerGroup({ server, options: resolved, names, policy, logger, observer: () => this.#observer });
  }

  observe(observer: TransportObserver): void {
    this.#observer = observer;
  }

  async lag(): Promise<readonly ConsumerLag[]> {
    return (await this.#group?.lag()) ?? [];
  }

  routeOf(event: DomainEvent): Route {
    const routingKey = this.#options.routingKey(event);
    return {
      destination: this.#options.exchange,
      attributes: { [ATTR_MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY]: routingKey },
    };
  }

  async send(messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void> {
    // All are encoded before the first is sent: one that can't be fails the call with nothing published.
    const encoded = messages.map((message) => this.#encode(message));
    const pending = new PendingPublish(messages, { component, timeoutMs: this.#publishTimeoutMs, signal });
    this.#publisher.publish(encoded.map((message, index) => new EventPublication(pending, index, message)));
    await pending.done;
  }

  decode({ headers, body }: IncomingMessage): DomainEvent {
    return this.#options.codec.decode({ headers, body }, 'amqp');
  }

  async start(receive: ReceiveMessage): Promise<void> {
    if (this.#group === undefined) {
      throw new InvalidArgumentError(`${component}.startConsuming needs a consumer group: give the bus the option \`consumerGroup\`.`);
    }
    await this.#group.start(receive);
  }

  async pause(): Promise<void> {
    await this.#group?.pause();
  }

  async close(): Promise<void> {
    await Promise.all([this.#group?.close(), this.#publisher.close(), this.deadLetters?.close()]);
  }

  #encode({ event, headers, route }: OutgoingMessage): Pick<EventPublication, 'exchange' | 'routingKey' | 'content' | 'properties'> {
    const { codec, mandatory } = this.#options;
    const { contentType, headers: fields, body } = codec.encode(event, 'amqp');
    return {
      exchange: route.destination,
      routingKey: String(route.attributes?.[ATTR_MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY]),
      content: Buffer.from(body),
      properties: {
        CC: slotKey(slotOf(event.aggregateType, event.aggregateId)),
        contentType,
        headers: { ...fields, ...headers },
        mandatory,
        messageId: event.id,
        persistent: true,
        timestamp: Math.floor(Date.parse(event.occurredAt) / 1000),
        type: event.type,
      },
    };
  }
}
