import { throwIfAborted } from './errors/aborted-error.ts';
import { ClosedError } from './errors/closed-error.ts';

/** Open until closed: guards the operations of a component that can be closed. Closing happens once, however often it is asked for. */
export class Lifecycle {
  readonly #component: string;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(component: string) {
    this.#component = component;
  }

  /** Aborted when closing begins. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** @throws ClosedError after closing began; AbortedError if the caller's signal is aborted. */
  assertOpen(operation: string, signal?: AbortSignal): void {
    if (this.#closed !== undefined) throw new ClosedError(this.#component, operation);
    throwIfAborted(signal, `${this.#component}.${operation}`);
  }

  /** Runs `release` on the first call; every call waits for it. */
  close(release: () => Promise<void>): Promise<void> {
    if (this.#closed === undefined) {
      // Assigned before the abort listeners run, so that they see a closed component.
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#closed = promise;
      this.#closing.abort();
      resolve(release());
    }
    return this.#closed;
  }
}
