import { ConfluentError, isConnectionLost, isForGood, isPurged, isRefusal } from './confluent-failure.ts';
import type { ConfluentFailure } from './confluent-library.ts';
import type { ConnectionObserver } from './kafka-driver.ts';

/** What happens to a client besides what it is asked for. */
export class ConfluentEvents {
  readonly #refused = Promise.withResolvers<never>();
  readonly #connections: ConnectionObserver;
  #reason: ConfluentError | undefined;
  #isOver = false;

  constructor(connections: ConnectionObserver) {
    this.#connections = connections;
    this.#refused.promise.catch(() => undefined);
  }

  /** To be told of what goes wrong with a client. */
  readonly observe = (failure: ConfluentFailure): void => {
    const error = new ConfluentError(failure);
    if (isRefusal(error)) this.#refused.reject(error);
    if (isConnectionLost(error) && !this.#isOver) this.#connections.lost();
    if (isForGood(error) && error.type !== undefined) this.#reason = error;
  };

  /** The broker has answered. */
  answered(): void {
    this.#connections.established();
  }

  /** The client lets go of its connections by itself. */
  end(): void {
    this.#isOver = true;
  }

  /** As the promise, unless the client is not let in: librdkafka goes on trying for ever then, and calls back only when its time is over. */
  unless<T>(done: Promise<T>): Promise<T> {
    return Promise.race([done, this.#refused.promise]);
  }

  /** Why something really failed: what a producer still had when it was shut out is said to have been purged. */
  explain(error: ConfluentError): ConfluentError {
    return isPurged(error) ? (this.#reason ?? error) : error;
  }
}
