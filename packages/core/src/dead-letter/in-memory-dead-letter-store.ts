import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import { copyJson } from '../events/json-copy.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterFilter, DeadLetterStore, ListDeadLettersOptions } from './dead-letter-store.ts';

/** A dead letter store that lives as long as its object. */
export class InMemoryDeadLetterStore implements DeadLetterStore {
  readonly #letters = new Map<string, DeadLetter>();
  readonly #lifecycle = new Lifecycle('InMemoryDeadLetterStore');

  /** @throws InvalidArgumentError when the letter has no id, or holds something that JSON can't. */
  async add(letter: DeadLetter, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('add', options.signal);
    this.#letters.set(letter.id, frozenCopy(letter));
  }

  /** @throws InvalidArgumentError when the limit is not a whole number from 1. */
  async list(options: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    this.#lifecycle.assertOpen('list', options.signal);
    const { after = '', limit = 100 } = options;
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new InvalidArgumentError(`Listing dead letters needs a limit that is a whole number from 1; it got ${String(limit)}.`);
    }
    const wanted = [...this.#letters.values()].filter((letter) => letter.id > after && matches(letter, options));
    return wanted.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  async count(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('count', options.signal);
    return [...this.#letters.values()].filter((letter) => matches(letter, options)).length;
  }

  async get(id: string, options: OperationOptions = {}): Promise<DeadLetter | undefined> {
    this.#lifecycle.assertOpen('get', options.signal);
    return this.#letters.get(id);
  }

  async remove(id: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('remove', options.signal);
    return this.#letters.delete(id);
  }

  close(): Promise<void> {
    return this.#lifecycle.close(async () => this.#letters.clear());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function matches(letter: DeadLetter, { source, handler }: DeadLetterFilter): boolean {
  return (source === undefined || letter.source === source) && (handler === undefined || letter.handler === handler);
}

/** As much a copy as a database would give back. */
function frozenCopy(letter: DeadLetter): DeadLetter {
  const { value, issues } = copyJson(letter, letter);
  const [issue] = issues;
  if (typeof letter?.id !== 'string' || letter.id === '') {
    throw new InvalidArgumentError('A dead letter needs a non-empty string `id` by which it can be found again.');
  }
  if (issue !== undefined) throw new InvalidArgumentError(`Dead letter ${letter.id} can't be kept: ${issue.path} ${issue.message}.`);
  return value as unknown as DeadLetter;
}
