import type { OperationOptions } from '../event-store/event-store.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { DeadLetter } from './dead-letter.ts';
import { copyDeadLetter, deadLetterLimit } from './dead-letter-arguments.ts';
import type { DeadLetterFilter, DeadLetterStore, ListDeadLettersOptions } from './dead-letter-store.ts';

/** A dead letter store that lives as long as its object. */
export class InMemoryDeadLetterStore implements DeadLetterStore {
  readonly #letters = new Map<string, DeadLetter>();
  readonly #lifecycle = new Lifecycle('InMemoryDeadLetterStore');

  async add(letter: DeadLetter, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('add', options.signal);
    const kept = copyDeadLetter(letter);
    this.#letters.set(kept.id, kept);
  }

  async list(options: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    this.#lifecycle.assertOpen('list', options.signal);
    const { after = '' } = options;
    const limit = deadLetterLimit(options.limit);
    const wanted = this.#matching(options).filter(({ id }) => id > after);
    return wanted.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  async count(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('count', options.signal);
    return this.#matching(options).length;
  }

  async get(id: string, options: OperationOptions = {}): Promise<DeadLetter | undefined> {
    this.#lifecycle.assertOpen('get', options.signal);
    return this.#letters.get(id);
  }

  async remove(id: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('remove', options.signal);
    return this.#letters.delete(id);
  }

  async purge(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('purge', options.signal);
    const matching = this.#matching(options);
    for (const { id } of matching) this.#letters.delete(id);
    return matching.length;
  }

  close(): Promise<void> {
    return this.#lifecycle.close(async () => this.#letters.clear());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #matching({ source, handler }: DeadLetterFilter): DeadLetter[] {
    return [...this.#letters.values()].filter(
      (letter) => (source === undefined || letter.source === source) && (handler === undefined || letter.handler === handler),
    );
  }
}
