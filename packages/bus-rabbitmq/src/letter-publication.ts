import { AbortedError, BrokerError, type PublishFailure } from '@es/core';
import type { AmqpPublishOptions } from './amqp-driver.ts';
import type { Publication } from './publication.ts';

/** Where a letter, or a marker among letters, goes, and how long that may take. */
export interface LetterPublicationOptions {
  readonly queue: string;
  /** First words of messages, such as `RabbitMQDeadLetterStore.add`. */
  readonly operation: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A message to the queue of dead letters, past all exchanges. */
export class LetterPublication implements Publication {
  readonly exchange = '';
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: AmqpPublishOptions;
  /** Resolves when the broker has confirmed it; rejects with a BrokerError or an AbortedError. */
  readonly done: Promise<void>;
  readonly #operation: string;
  readonly #outcome = Promise.withResolvers<void>();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #signal: AbortSignal | undefined;
  readonly #aborted = (): void => this.refused(new AbortedError(this.#operation, this.#signal?.reason));
  #isWanted = true;

  constructor(message: { readonly content: Buffer; readonly properties: AmqpPublishOptions }, options: LetterPublicationOptions) {
    this.routingKey = options.queue;
    this.content = message.content;
    this.properties = message.properties;
    this.done = this.#outcome.promise;
    this.#operation = options.operation;
    this.#signal = options.signal;
    const late = { code: 'ES_PUBLISH_UNCONFIRMED', reason: `the broker did not confirm within ${options.timeoutMs} ms` } as const;
    this.#timer = setTimeout(() => this.failed(late), options.timeoutMs);
    this.#signal?.addEventListener('abort', this.#aborted);
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  confirmed(): void {
    this.#settle();
    this.#outcome.resolve();
  }

  failed({ code, reason, cause }: PublishFailure): void {
    const kind = code === 'ES_PUBLISH_UNCONFIRMED' ? 'ES_BROKER_UNAVAILABLE' : 'ES_BROKER_FAILURE';
    this.refused(
      new BrokerError(kind, `${this.#operation} failed on queue ${this.routingKey}: ${reason}`, cause === undefined ? {} : { cause }),
    );
  }

  refused(error: Error): void {
    this.#settle();
    this.#outcome.reject(error);
  }

  #settle(): void {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#aborted);
  }
}
