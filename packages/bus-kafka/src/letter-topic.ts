import {
  BrokerError,
  copyDeadLetter,
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterStore,
  deadLetterLimit,
  Lifecycle,
  type ListDeadLettersOptions,
  type OperationOptions,
  throwIfAborted,
} from '@es/core';
import { DeadLetterIndex, letterIn } from './dead-letter-index.ts';
import type { DeadLetterLog } from './dead-letter-log.ts';
import { explainFailure } from './kafka-failure.ts';

const component = 'KafkaDeadLetterStore';
/** For how long it remembers what it read, and stays ready to read on, when it is not asked any more. */
const idleMs = 30_000;

/**
 * Keeps dead letters in a compacted topic of Kafka itself. To list, count, find and remove letters it reads that topic once, remembers where each
 * letter is, and reads on from there. Of two processes that remove one letter at the same moment, both may be told that there was one.
 */
export class LetterTopic implements DeadLetterStore {
  readonly #log: DeadLetterLog;
  readonly #place: string;
  readonly #release: () => Promise<void>;
  readonly #lifecycle = new Lifecycle(component);
  #index: DeadLetterIndex | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param place - The cluster, for messages.
   * @param release - Lets go of what the log works with, if that is nobody else's.
   */
  constructor(log: DeadLetterLog, place: string, release: () => Promise<void> = async () => undefined) {
    this.#log = log;
    this.#place = place;
    this.#release = release;
  }

  /** @throws InvalidArgumentError when the letter has no id or source, or holds something that JSON can't; BrokerError when it can't be kept. */
  async add(letter: DeadLetter, { signal }: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('add', signal);
    const copy = copyDeadLetter(letter);
    const offset = await this.#log.append({ id: copy.id, value: JSON.stringify(copy) }, `${component}.add`, signal);
    this.#index?.wrote(offset, copy.id, copy);
  }

  /** @throws InvalidArgumentError when the limit is not a whole number from 1; BrokerError when the topic can't be read. */
  async list(options: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    this.#lifecycle.assertOpen('list', options.signal);
    const limit = deadLetterLimit(options.limit);
    const { after = '' } = options;
    return this.#reading('list', options, async () => {
      for (;;) {
        const index = await this.#upToDate(options.signal);
        const ids = index.ids(options).filter((id) => id > after);
        const page = ids.slice(0, limit);
        const letters = await this.#lettersOf(index, page, options.signal);
        // One that is not where it was has just been changed.
        if (letters.length === page.length) return letters;
        throwIfAborted(options.signal, `${component}.list`);
      }
    });
  }

  /** @throws BrokerError when the topic can't be read. */
  async count(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('count', options.signal);
    return this.#reading('count', options, async () => (await this.#upToDate(options.signal)).ids(options).length);
  }

  /** @throws BrokerError when the topic can't be read. */
  async get(id: string, options: OperationOptions = {}): Promise<DeadLetter | undefined> {
    this.#lifecycle.assertOpen('get', options.signal);
    return this.#reading('get', options, async () => {
      const index = await this.#upToDate(options.signal);
      const [letter] = index.has(id) ? await this.#lettersOf(index, [id], options.signal) : [];
      return letter;
    });
  }

  /** @throws BrokerError when the topic can't be read, or the change not be kept. */
  async remove(id: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('remove', options.signal);
    return this.#reading('remove', options, async () => {
      const index = await this.#upToDate(options.signal);
      if (!index.has(id)) return false;
      const offset = await this.#log.append({ id, value: null }, `${component}.remove`, options.signal);
      index.wrote(offset, id, undefined);
      return true;
    });
  }

  /** @throws BrokerError when the topic can't be read, or the change not be kept. */
  async purge(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('purge', options.signal);
    return this.#reading('purge', options, async () => {
      const ids = (await this.#upToDate(options.signal)).ids(options);
      const changes = ids.map((id) => ({ id, value: null }));
      if (ids.length > 0) await this.#log.appendAll(changes, options.signal);
      return ids.length;
    });
  }

  close(): Promise<void> {
    return this.#lifecycle.close(async () => {
      clearTimeout(this.#idle);
      await this.#log.close();
      await this.#release();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Those who read take turns. */
  #reading<T>(operation: string, { signal }: OperationOptions, read: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      this.#lifecycle.assertOpen(operation, signal);
      clearTimeout(this.#idle);
      try {
        return await read();
      } catch (error) {
        throwIfAborted(signal, `${component}.${operation}`);
        this.#lifecycle.assertOpen(operation, signal);
        throw error instanceof BrokerError ? error : explainFailure(error, `${component}.${operation}`, this.#place);
      } finally {
        this.#idle = setTimeout(() => this.#forget(), idleMs).unref();
      }
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** What others wrote is read before anything is said. */
  async #upToDate(signal: AbortSignal | undefined): Promise<DeadLetterIndex> {
    const { start, end } = await this.#log.bounds();
    this.#index ??= new DeadLetterIndex(start);
    const index = this.#index;
    await this.#log.scan(index.next, end, (message) => index.read(message), signal);
    index.advance(end);
    return index;
  }

  async #lettersOf(index: DeadLetterIndex, ids: readonly string[], signal: AbortSignal | undefined): Promise<DeadLetter[]> {
    const places = new Map(ids.map((id) => [index.offsetOf(id) ?? -1, id]));
    const letters = new Map<string, DeadLetter>();
    const offsets = [...places.keys()].sort((one, other) => one - other);
    const [first = 0] = offsets;
    const visit = (message: Parameters<typeof letterIn>[0]): void => {
      const id = places.get(Number(message.offset));
      const letter = id === undefined ? undefined : letterIn(message);
      if (id !== undefined && letter !== undefined) letters.set(id, letter);
    };
    await this.#log.scan(first, (offsets.at(-1) ?? -1) + 1, visit, signal);
    return ids.flatMap((id) => letters.get(id) ?? []);
  }

  #forget(): void {
    this.#index = undefined;
    void this.#log.rest();
  }
}
