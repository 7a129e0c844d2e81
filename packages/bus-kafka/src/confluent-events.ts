import { delay } from '@es/core';
import { ConfluentError, isConnectionLost, isConsequence, isForGood, isRefusal } from './confluent-failure.ts';
import type { ConfluentFailure } from './confluent-library.ts';
import type { ConnectionObserver } from './kafka-driver.ts';

/** How long what befell a client may take to be told, when its records have already failed by it. */
const reasonMs = 1_000;

/** What happens to a client besides what it is asked for. */
export class ConfluentEvents {
  readonly #refused = Promise.withResolvers<never>();
  readonly #connections: ConnectionObserver;
  readonly #reason = Promise.withResolvers<ConfluentError>();
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
    if (isForGood(error) && error.type !== undefined) this.#reason.resolve(error);
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

  /** Why something really failed. */
  async explain(error: ConfluentError): Promise<ConfluentError> {
    if (!isConsequence(error) || this.#isOver) return error;
    const over = new AbortController();
    const unknown = delay(reasonMs, over.signal).then(
      () => error,
      () => error,
    );
    const reason = await Promise.race([this.#reason.promise, unknown]);
    over.abort();
    return reason;
  }
}
