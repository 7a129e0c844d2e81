import { randomUUID } from 'node:crypto';
import { AbortedError, BrokerError, backoffDelay, delay, type PublishFailure, type RetryPolicy } from '@es/core';
import type { Logger } from '@es/otel';
import type { KafkaMessage } from './kafka-client.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { judgeSend } from './kafka-failure.ts';
import { LogReader } from './log-reader.ts';
import { ProducerSession } from './producer-session.ts';
import { requestsOf } from './record-queue.ts';
import { RecordSender } from './record-sender.ts';
import type { SharedAdmin } from './shared-admin.ts';
import { Topics } from './topics.ts';

/** How the topic of dead letters is made: the last record of each letter is kept for ever, and a letter may be larger than the event that it is about. */
const config = { 'cleanup.policy': 'compact', 'max.message.bytes': String(10 * 1024 * 1024) };

const visibilityPollMs = 10;

/** What a log works with. */
export interface DeadLetterLogParts {
  readonly connection: KafkaConnection;
  readonly admin: SharedAdmin;
  readonly topic: string;
  readonly create: boolean;
  readonly replicationFactor: number | undefined;
  readonly timeoutMs: number;
  readonly reconnect: RetryPolicy;
  readonly logger: Logger;
}

/** A change of the log: a letter as JSON, or null where it is gone. */
export interface LetterChange {
  readonly id: string;
  readonly value: string | null;
}

/** A compacted topic of one partition with one record per letter. */
export class DeadLetterLog {
  readonly #parts: DeadLetterLogParts;
  readonly #topics: Topics;
  readonly #sender: RecordSender;
  #reader: Promise<LogReader> | undefined;

  constructor(parts: DeadLetterLogParts) {
    const { admin, connection, create, logger, reconnect, replicationFactor } = parts;
    this.#parts = parts;
    this.#topics = new Topics(admin, connection.place, { create, partitions: 1, replicationFactor, config });
    this.#sender = new RecordSender({
      session: new ProducerSession(connection.driver, { compression: 'none' }),
      topics: this.#topics,
      place: connection.place,
      watch: connection.watch,
      logger,
      reconnect,
      transactional: false,
    });
  }

  /**
   * Writes a change, durably before it resolves.
   *
   * @returns its offset, if the broker said it.
   */
  append({ id, value }: LetterChange, operation: string, signal?: AbortSignal): Promise<number | undefined> {
    const { timeoutMs, topic } = this.#parts;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (settle: () => void): void => {
        isOver = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', aborted);
        settle();
      };
      const aborted = (): void => end(() => reject(new AbortedError(operation, signal?.reason)));
      const settlement = {
        get isOver() {
          return isOver;
        },
        confirm: (_: number, offset: number | undefined) => end(() => resolve(offset)),
        fail: (_: number, { reason, cause }: PublishFailure) => end(() => reject(this.#failure(operation, reason, cause))),
        refuse: (error: Error) => end(() => reject(error)),
      };
      const timer = setTimeout(() => settlement.fail(0, unconfirmed(timeoutMs)), timeoutMs);
      signal?.addEventListener('abort', aborted);
      this.#sender.send([{ topic, record: { key: id, value }, index: 0, settlement }]);
    });
  }

  /** Writes changes in one transaction: all or none. Resolves when readers see them. */
  async appendAll(changes: readonly LetterChange[], signal?: AbortSignal): Promise<void> {
    const written = await this.#patiently(() => this.#commit(changes), signal);
    // The broker confirms a transaction a moment before it lets readers past its first record.
    while ((await this.bounds()).end <= written) await delay(visibilityPollMs, signal);
  }

  /** Returns the offset of the first change. */
  async #commit(changes: readonly LetterChange[]): Promise<number> {
    const { connection, topic } = this.#parts;
    const transactionalId = `${topic}.writer.${randomUUID()}`;
    const session = new ProducerSession(connection.driver, { transactionalId, compression: 'none' });
    try {
      const [first] = await session.send(requestsOf(changes.map(({ id, value }) => ({ topic, record: { key: id, value } }))));
      return Number(first?.baseOffset);
    } finally {
      await session.close();
    }
  }

  /** The offsets of the oldest record and of the next one. */
  async bounds(): Promise<{ readonly start: number; readonly end: number }> {
    const { admin, topic } = this.#parts;
    await this.#topics.ensure(topic);
    const [partition] = await this.#patiently(() => admin.use((asked) => asked.fetchTopicOffsets(topic)));
    return { start: Number(partition?.low ?? 0), end: Number(partition?.high ?? 0) };
  }

  /** A topic that has just been made has no leader for a moment, and a broker that has just started no coordinator. */
  async #patiently<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { reconnect, timeoutMs } = this.#parts;
    const deadline = Date.now() + timeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        const pause = backoffDelay(reconnect, attempt);
        if (judgeSend(error).kind !== 'again' || Date.now() + pause > deadline) throw error;
        await delay(pause, signal);
      }
    }
  }

  /** Visits the records from one offset up to, and without, another. */
  async scan(from: number, to: number, visit: (message: KafkaMessage) => void, signal?: AbortSignal): Promise<void> {
    if (from >= to) return;
    const { timeoutMs, topic } = this.#parts;
    const over = new AbortController();
    const late = delay(timeoutMs, AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal])).then(() => {
      throw new BrokerError('ES_BROKER_UNAVAILABLE', `The topic ${topic} could not be read within ${timeoutMs} ms. Try again.`);
    });
    try {
      await Promise.race([this.#read(from, to, visit), late]);
    } catch (error) {
      await this.rest();
      throw error;
    } finally {
      over.abort();
      late.catch(() => undefined);
    }
  }

  /** Reads no more until it is asked to. */
  async rest(): Promise<void> {
    const reader = await this.#reader?.catch(() => undefined);
    this.#reader = undefined;
    if (reader === undefined) return;
    await reader.close();
    await this.#parts.admin.use((admin) => admin.deleteGroups([reader.groupId])).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.rest(), this.#sender.close()]);
  }

  async #read(from: number, to: number, visit: (message: KafkaMessage) => void): Promise<void> {
    if ((await this.#reader)?.isOver === true) await this.rest();
    this.#reader ??= this.#startReader();
    const reader = await this.#reader;
    await reader.scan(from, to, visit);
  }

  async #startReader(): Promise<LogReader> {
    const reader = new LogReader(this.#parts.connection.driver, this.#parts.topic);
    try {
      await reader.start();
      return reader;
    } catch (error) {
      this.#reader = undefined;
      reader.close().catch(() => undefined);
      throw error;
    }
  }

  #failure(operation: string, reason: string, cause: unknown): BrokerError {
    return new BrokerError('ES_BROKER_FAILURE', `${operation} failed on the topic ${this.#parts.topic}: ${reason}`, { cause });
  }
}

const unconfirmed = (timeoutMs: number): PublishFailure => ({
  code: 'ES_PUBLISH_UNCONFIRMED',
  reason: `the broker did not confirm within ${timeoutMs} ms. Try again.`,
});
