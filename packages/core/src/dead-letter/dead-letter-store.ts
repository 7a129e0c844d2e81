import type { OperationOptions } from '../event-store/event-store.ts';
import type { DeadLetter } from './dead-letter.ts';

/** Which dead letters are meant; filters are joined by "and". */
export interface DeadLetterFilter {
  /** Only letters of this bus or consumer group. */
  readonly source?: string;
  /** Only letters of this handler. */
  readonly handler?: string;
}

/** Which page of the dead letters to list. */
export interface ListDeadLettersOptions extends DeadLetterFilter, OperationOptions {
  /** Only letters behind this one in the order: the id of a letter, which may be gone since. */
  readonly after?: string;
  /** At most so many; a whole number from 1, default 100. */
  readonly limit?: number;
}

/**
 * Keeps messages that could not be handled. Every operation fails with a ClosedError after `close()`, with an AbortedError when its signal is
 * aborted, and with a StorageError or BrokerError when the database or the broker that keeps them fails.
 */
export interface DeadLetterStore extends AsyncDisposable {
  /**
   * Keeps a letter, durably before it resolves; takes the place of the one with the same id.
   *
   * @throws InvalidArgumentError when the letter lacks an id or a source, or holds something that JSON can't.
   */
  add(letter: DeadLetter, options?: OperationOptions): Promise<void>;
  /**
   * A page of letters in the order of their ids: oldest first.
   *
   * @throws InvalidArgumentError when the limit is not a whole number from 1.
   */
  list(options?: ListDeadLettersOptions): Promise<readonly DeadLetter[]>;
  /** How many there are. */
  count(options?: DeadLetterFilter & OperationOptions): Promise<number>;
  /** The letter with this id, if any. */
  get(id: string, options?: OperationOptions): Promise<DeadLetter | undefined>;
  /** @returns whether there was one. */
  remove(id: string, options?: OperationOptions): Promise<boolean>;
  /**
   * Removes every letter that matches, all of them where no filter is given. At once: whatever interrupts it, they are all gone or all there.
   *
   * @returns how many there were.
   */
  purge(options?: DeadLetterFilter & OperationOptions): Promise<number>;
  /** Closes; calling it again does nothing. */
  close(): Promise<void>;
}
