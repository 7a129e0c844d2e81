import { backoffDelay, delay, type EventSourcingError, type RetryPolicy } from '@es/core';
import type { Logger } from '@es/otel';
import type { AmqpConfirmChannel, AmqpConnection } from './amqp-driver.ts';
import { ConfirmSession } from './confirm-session.ts';
import { GatheredWrites } from './gathered-writes.ts';
import { inTime } from './in-time.ts';
import type { Publication } from './publication.ts';
import { RabbitMQConnection } from './rabbitmq-connection.ts';
import { explainFailure, isLasting, replyCodeOf } from './rabbitmq-failure.ts';
import type { RabbitMQServer } from './rabbitmq-server.ts';

const accessRefused = 403;

/** What a publisher works with. */
export interface PublisherParts {
  /** First word of messages, such as `RabbitMQEventBus.publish`. */
  readonly operation: string;
  readonly server: RabbitMQServer;
  readonly policy: RetryPolicy;
  readonly logger: Logger;
  /** Makes sure that what is published to is there. */
  readonly prepare: (connection: AmqpConnection) => Promise<void>;
  readonly onReconnected: () => void;
}

/**
 * Publishes in order, on one channel. When that is lost, what was not confirmed is sent again on the next one, in its order and before anything
 * newer.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #connection: RabbitMQConnection;
  readonly #closing = new AbortController();
  #waiting: Publication[] = [];
  #session: ConfirmSession | undefined;
  #connected: AmqpConnection | undefined;
  #isBlocked = false;
  #isOpening = false;
  /** Attempts since the broker last confirmed something. */
  #attempts = 0;
  #onIdle: () => void = () => undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#connection = new RabbitMQConnection(parts.operation, parts.server.connect);
  }

  /** Takes messages over, in this order; they are told what became of them. */
  publish(publications: readonly Publication[]): void {
    for (const publication of publications) this.#waiting.push(publication);
    this.#pump();
  }

  /** Waits a little for what is under way, fails the rest, closes. */
  async close(): Promise<void> {
    await inTime(this.#settled());
    this.#closing.abort();
    await this.#connection.close();
    const rest = [...(this.#session?.takeUnconfirmed() ?? []), ...this.#waiting];
    for (const publication of rest) publication.failed({ code: 'ES_PUBLISH_UNCONFIRMED', reason: stopped });
  }

  #settled(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onIdle = () => {
      if (!this.#hasWaiting() && (this.#session?.isIdle ?? true)) resolve();
    };
    this.#onIdle();
    return promise;
  }

  #pump(): void {
    if (this.#closing.signal.aborted) return;
    if (this.#session === undefined) {
      if (this.#waiting.length > 0) void this.#open();
    } else if (!this.#isBlocked) {
      this.#waiting.splice(0, this.#session.send(this.#waiting));
    }
  }

  /** Tries until there is a channel, or nobody waits for one any more. */
  async #open(): Promise<void> {
    if (this.#isOpening) return;
    this.#isOpening = true;
    while (this.#session === undefined && this.#hasWaiting()) {
      try {
        if (this.#attempts > 0) await delay(backoffDelay(this.#parts.policy, this.#attempts), this.#closing.signal);
        this.#attempts += 1;
        await this.#openSession();
      } catch (error) {
        if (this.#closing.signal.aborted) break;
        this.#failedToOpen(explainFailure(error, this.#parts.operation, this.#parts.server.place));
      }
    }
    this.#isOpening = false;
    this.#pump();
  }

  async #openSession(): Promise<void> {
    const connection = await this.#connection.open();
    await this.#parts.prepare(connection);
    const channel = await connection.createConfirmChannel();
    if (this.#connected !== connection) this.#adopt(connection);
    this.#session = this.#sessionOn(channel, new GatheredWrites(connection));
  }

  #sessionOn(channel: AmqpConfirmChannel, writes: GatheredWrites): ConfirmSession {
    const session: ConfirmSession = new ConfirmSession(channel, writes, {
      drained: () => this.#pump(),
      lost: () => this.#lost(session),
      settled: () => {
        this.#attempts = 0;
        this.#onIdle();
      },
    });
    return session;
  }

  #adopt(connection: AmqpConnection): void {
    const isAnother = this.#connected !== undefined;
    this.#connected = connection;
    this.#isBlocked = false;
    connection.on('blocked', (reason) => {
      this.#isBlocked = true;
      this.#parts.logger.warn({ reason }, 'RabbitMQ takes no messages at the moment; publishes wait');
    });
    connection.on('unblocked', () => {
      this.#isBlocked = false;
      this.#pump();
    });
    if (isAnother) this.#parts.onReconnected();
  }

  #lost(session: ConfirmSession): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    // Everyone who lost the broker would come back in the same moment.
    if (!session.isTooLarge) this.#attempts = Math.max(this.#attempts, 1);
    this.#waiting = [...session.takeUnconfirmed(), ...this.#waiting];
    const { operation, server, logger } = this.#parts;
    if (session.failure !== undefined) logger.warn({ err: session.failure }, 'RabbitMQ closed the channel of a publisher');
    if (replyCodeOf(session.failure) === accessRefused) this.#refuseAll(explainFailure(session.failure, operation, server.place));
    this.#onIdle();
    this.#pump();
  }

  #failedToOpen(error: EventSourcingError): void {
    if (isLasting(error)) this.#refuseAll(error);
    else this.#parts.logger.warn({ err: error, attempt: this.#attempts }, 'RabbitMQ is not reached; publishes wait');
  }

  #refuseAll(error: Error): void {
    const refused = this.#waiting;
    this.#waiting = [];
    this.#attempts = 0;
    for (const publication of refused) publication.refused(error);
    this.#onIdle();
  }

  #hasWaiting(): boolean {
    this.#waiting = this.#waiting.filter(({ isWanted }) => isWanted);
    return this.#waiting.length > 0;
  }
}

const stopped =
  'the bus was stopped before the broker confirmed, which may have them or not. Publish them again; consumers may see an event twice.';
