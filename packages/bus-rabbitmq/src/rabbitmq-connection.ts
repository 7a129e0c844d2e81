import { ClosedError } from '@es/core';
import { ROOT_CONTEXT, withContext, withTracingSuppressed } from '@es/otel';
import type { AmqpConnect, AmqpConnection } from './amqp-driver.ts';
import { inTime } from './in-time.ts';

/** A connection to the broker, made when it is first needed and again when it is needed after it was lost. */
export class RabbitMQConnection {
  readonly #component: string;
  readonly #connect: AmqpConnect;
  readonly #onLost: () => void;
  #current: Promise<AmqpConnection> | undefined;
  #isClosed = false;

  /** @param onLost - Told when the connection is gone, unless it was closed here. */
  constructor(component: string, connect: AmqpConnect, onLost: () => void = () => undefined) {
    this.#component = component;
    this.#connect = connect;
    this.#onLost = onLost;
  }

  /**
   * The connection; where there is none, one attempt is made, which all callers share.
   *
   * @throws what the driver throws; ClosedError after `close()`.
   */
  async open(): Promise<AmqpConnection> {
    if (this.#isClosed) throw new ClosedError(this.#component, 'connect');
    if (this.#current === undefined) {
      const attempt: Promise<AmqpConnection> = this.#establish(() => this.#current === attempt);
      this.#current = attempt;
    }
    return this.#current;
  }

  /** Closes what there is; the next `open` connects anew. */
  async drop(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    // An attempt that is still under way closes what it gets.
    const connection = await Promise.race([current, Promise.resolve(undefined)]).catch(() => undefined);
    if (connection !== undefined) await inTime(connection.close());
  }

  /** Closes for good, and all channels with it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.drop();
  }

  async #establish(isWanted: () => boolean): Promise<AmqpConnection> {
    try {
      // The socket outlives whatever span is current now.
      const connection = await withContext(ROOT_CONTEXT, () => withTracingSuppressed(() => this.#connect()));
      connection.on('error', () => undefined);
      if (!isWanted()) {
        await inTime(connection.close());
        throw new ClosedError(this.#component, 'connect');
      }
      connection.on('close', () => {
        if (!isWanted()) return;
        this.#current = undefined;
        this.#onLost();
      });
      return connection;
    } catch (error) {
      if (isWanted()) this.#current = undefined;
      throw error;
    }
  }
}
