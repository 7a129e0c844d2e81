import { backoffDelay, type ConsumerLag, delay, type ReceiveMessage, type RetryPolicy, type TransportObserver } from '@es/core';
import type { Logger } from '@es/otel';
import type { AmqpConnection } from './amqp-driver.ts';
import { logLoss } from './consumer-loss.ts';
import { EarlierDeliveries } from './earlier-deliveries.ts';
import { measureLag } from './group-lag.ts';
import { inTime } from './in-time.ts';
import type { MessageSource } from './incoming-message.ts';
import { Membership } from './membership.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { RabbitMQConnection } from './rabbitmq-connection.ts';
import { explainFailure } from './rabbitmq-failure.ts';
import type { ResolvedRabbitMQOptions } from './rabbitmq-options.ts';
import type { RabbitMQServer } from './rabbitmq-server.ts';
import { declareGroup } from './topology.ts';
import type { GroupNames } from './topology-names.ts';

const operation = 'RabbitMQEventBus.startConsuming';

/** What a consumer group works with. */
export interface ConsumerGroupParts {
  readonly server: RabbitMQServer;
  readonly options: ResolvedRabbitMQOptions;
  readonly names: GroupNames;
  readonly policy: RetryPolicy;
  readonly logger: Logger;
  readonly observer: () => TransportObserver;
}

/** This bus's part in its consumer group: a consumer on each of the group's queues, of which it keeps as many active as are its share. */
export class ConsumerGroup {
  readonly #parts: ConsumerGroupParts;
  readonly #connection: RabbitMQConnection;
  readonly #sources: readonly MessageSource[];
  /** By queue; those that were given their queue last come last. */
  readonly #consumers = new Map<string, QueueConsumer>();
  readonly #pausing = new AbortController();
  readonly #earlier = new EarlierDeliveries();
  #receive: ReceiveMessage = () => Promise.reject(new Error('Nothing is consumed yet.'));
  /** The connection that the consumers are on. */
  #current: AmqpConnection | undefined;
  #membership: Membership | undefined;
  #isStarted = false;
  #isRecovering = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: ConsumerGroupParts) {
    this.#parts = parts;
    this.#connection = new RabbitMQConnection('RabbitMQEventBus', parts.server.connect, () => this.#lost());
    this.#sources = parts.names.queues.map((queue, index) => (this.#isPartitioned ? { queue, partition: String(index) } : { queue }));
  }

  /** @throws BrokerError when the broker is not there, or not as asked for. */
  async start(receive: ReceiveMessage): Promise<void> {
    this.#receive = receive;
    try {
      await this.#attach();
    } catch (error) {
      await this.#detach();
      throw explainFailure(error, operation, this.#parts.server.place);
    }
    this.#isStarted = true;
    this.#watchShare();
  }

  /** Hands nothing more over. Queues of which nothing is in hand go to others at once. */
  async pause(): Promise<void> {
    this.#pausing.abort();
    clearTimeout(this.#timer);
    for (const consumer of this.#consumers.values()) void consumer.release();
  }

  async close(): Promise<void> {
    await this.pause();
    // Whoever has just finished a message still has its acknowledgement to give.
    await new Promise(setImmediate);
    await this.#detach();
    await this.#connection.close();
  }

  /** How far the group is behind, on the queues that this bus has. */
  async lag(): Promise<readonly ConsumerLag[]> {
    const membership = this.#membership;
    if (membership === undefined) throw new Error('The connection to RabbitMQ is lost.');
    return measureLag({ sources: this.#sources, isPartitioned: this.#isPartitioned, consumers: this.#consumers, membership });
  }

  get #isPartitioned(): boolean {
    return this.#parts.options.ordering === 'aggregate';
  }

  async #attach(): Promise<void> {
    const { server, options, names } = this.#parts;
    const connection = await this.#connection.open();
    this.#current = connection;
    await declareGroup(connection, server.place, options, names);
    this.#membership = new Membership(connection, this.#isPartitioned ? names.members : undefined);
    await this.#membership.join();
    await Promise.all(this.#sources.map((source) => this.#consume(connection, source)));
    if (this.#current !== connection) throw new Error('Connection closed');
  }

  async #detach(): Promise<void> {
    const consumers = [...this.#consumers.values()];
    this.#forget();
    await inTime(Promise.all(consumers.map((consumer) => consumer.close())));
    await this.#connection.drop();
  }

  #forget(): void {
    this.#current = undefined;
    this.#membership = undefined;
    this.#consumers.clear();
  }

  async #consume(connection: AmqpConnection, source: MessageSource): Promise<void> {
    if (this.#pausing.signal.aborted || this.#current !== connection) return;
    const { prefetch } = this.#parts.options;
    const consumer = await QueueConsumer.open(connection, {
      source,
      prefetch,
      receive: this.#receive,
      earlier: this.#earlier,
      onActive: (active) => this.#gained(active),
      onLost: (loss) => void this.#restore(connection, source, () => logLoss(this.#parts.logger, loss)),
    });
    if (this.#current !== connection) return;
    this.#consumers.set(source.queue, consumer);
    if (this.#pausing.signal.aborted) void consumer.release();
  }

  #lost(): void {
    this.#forget();
    if (this.#isStarted && !this.#isRecovering) void this.#recover();
  }

  /** Connects again, however often that takes. */
  async #recover(): Promise<void> {
    const { logger, observer, policy, server } = this.#parts;
    this.#isRecovering = true;
    logger.warn({ place: server.place }, 'The connection to RabbitMQ is lost; what was delivered comes again');
    for (let attempt = 1; !this.#pausing.signal.aborted; attempt += 1) {
      try {
        await delay(backoffDelay(policy, attempt), this.#pausing.signal);
        await this.#attach();
        observer().reconnected();
        break;
      } catch (error) {
        await this.#detach();
        if (!this.#pausing.signal.aborted)
          logger.warn({ err: explainFailure(error, operation, server.place), attempt }, 'RabbitMQ is not reached');
      }
    }
    this.#isRecovering = false;
  }

  /** Consumes a queue again whose channel was closed, as long as the connection lasts; before each attempt it tells why. */
  async #restore(connection: AmqpConnection, source: MessageSource, tellLoss: () => void): Promise<void> {
    const { names, options, policy, server } = this.#parts;
    this.#consumers.delete(source.queue);
    let tell = tellLoss;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await delay(backoffDelay(policy, attempt), this.#pausing.signal);
        if (this.#current !== connection) return;
        tell();
        await declareGroup(connection, server.place, options, names);
        await this.#consume(connection, source);
        return;
      } catch (error) {
        if (this.#pausing.signal.aborted) return;
        tell = () => this.#tellFailure(source, error);
      }
    }
  }

  #tellFailure({ queue }: MessageSource, error: unknown): void {
    this.#parts.logger.warn({ err: error, queue }, 'A queue can’t be consumed; that is tried again');
  }

  #gained(consumer: QueueConsumer): void {
    const { source } = consumer;
    if (!this.#isPartitioned) return;
    this.#consumers.delete(source.queue);
    this.#consumers.set(source.queue, consumer);
    this.#parts.observer().rebalanced();
  }

  #watchShare(): void {
    if (!this.#isPartitioned || this.#pausing.signal.aborted) return;
    // A broker that does not answer just now is asked again.
    const look = (): Promise<void> => this.#shareOut().catch(() => undefined);
    this.#timer = setTimeout(() => void look().then(() => this.#watchShare()), this.#parts.options.rebalanceIntervalMs);
  }

  /** Gives up the queues that are more than its share, those that came last. */
  async #shareOut(): Promise<void> {
    const members = (await this.#membership?.size()) ?? 1;
    const share = Math.ceil(this.#sources.length / members);
    const active = [...this.#consumers.values()].filter(({ isActive, isReleasing }) => isActive && !isReleasing);
    for (const consumer of active.slice(share)) void this.#handOver(consumer);
  }

  /** Lets the next in line have a queue, and lines up again. */
  async #handOver(consumer: QueueConsumer): Promise<void> {
    const connection = this.#current;
    if (connection === undefined) return;
    this.#parts.observer().rebalanced();
    await consumer.release();
    if (this.#pausing.signal.aborted) return;
    try {
      await this.#consume(connection, consumer.source);
    } catch (error) {
      await this.#restore(connection, consumer.source, () => this.#tellFailure(consumer.source, error));
    }
  }
}
