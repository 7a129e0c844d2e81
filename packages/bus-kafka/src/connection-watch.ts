import type { TransportObserver } from '@es/core';

/** Tells when a connection that was lost is there again, once for each time. */
export class ConnectionWatch {
  #observer: TransportObserver | undefined;
  #isLost = false;

  observe(observer: TransportObserver): void {
    this.#observer = observer;
  }

  lost(): void {
    this.#isLost = true;
  }

  established(): void {
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#observer?.reconnected();
  }
}
