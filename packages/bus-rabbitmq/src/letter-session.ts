import { BrokerError, backoffDelay, type DeadLetter, delay, type RetryPolicy } from '@es/core';
import type { AmqpChannel, AmqpConnection, AmqpMessage } from './amqp-driver.ts';
import { LetterScan } from './letter-scan.ts';
import { replyCodeOf } from './rabbitmq-failure.ts';

const resourceLocked = 405;
const windowSize = 50_000;
const untilFree: RetryPolicy = { maxAttempts: Number.POSITIVE_INFINITY, initialDelayMs: 50, maxDelayMs: 500, jitter: 'full' };

/** What a session works with. */
export interface LetterSessionParts {
  readonly connection: AmqpConnection;
  readonly queue: string;
  readonly read: (message: AmqpMessage) => DeadLetter;
  readonly mark: (id: string) => Promise<void>;
}

/** The right to look at the letters, alone among all processes, and what was seen. */
export class LetterSession {
  readonly scan: LetterScan;
  readonly #channel: AmqpChannel;
  readonly #lock: string;

  private constructor(channel: AmqpChannel, lock: string, parts: LetterSessionParts) {
    this.#channel = channel;
    this.#lock = lock;
    this.scan = new LetterScan({ channel, queue: parts.queue, windowSize, read: parts.read, mark: parts.mark });
  }

  /**
   * Waits for its turn.
   *
   * @throws AbortedError; BrokerError when others look at the letters for longer than the time given.
   */
  static async begin(parts: LetterSessionParts, timeoutMs: number, signal: AbortSignal | undefined): Promise<LetterSession> {
    const lock = `${parts.queue}.reader`;
    const deadline = performance.now() + timeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      const channel = await parts.connection.createChannel();
      channel.on('error', () => undefined);
      try {
        await channel.assertQueue(lock, { exclusive: true, durable: false });
        return new LetterSession(channel, lock, parts);
      } catch (error) {
        if (replyCodeOf(error) !== resourceLocked) throw error;
        if (performance.now() > deadline) throw isTaken(parts.queue, timeoutMs, error);
        await delay(backoffDelay(untilFree, attempt), signal);
      }
    }
  }

  /** Gives the letters back, and the right to look at them. */
  async end(): Promise<void> {
    await this.scan.end();
    // Not before the letters are back, so that the next one sees them all.
    await this.#channel.deleteQueue(this.#lock);
    await this.#channel.close();
  }
}

function isTaken(queue: string, timeoutMs: number, cause: unknown): BrokerError {
  return new BrokerError(
    'ES_BROKER_UNAVAILABLE',
    `The dead letters in ${queue} were being looked at by someone else for ${timeoutMs} ms. Try again later.`,
    { cause },
  );
}
