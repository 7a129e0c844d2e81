import type { PendingPublish, PublishFailure } from '@es/core';
import type { AmqpPublishOptions } from './amqp-driver.ts';
import type { Publication } from './publication.ts';

/** One event of a publish. */
export class EventPublication implements Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: AmqpPublishOptions;
  readonly #pending: PendingPublish;
  readonly #index: number;

  constructor(
    pending: PendingPublish,
    index: number,
    message: { readonly exchange: string; readonly routingKey: string; readonly content: Buffer; readonly properties: AmqpPublishOptions },
  ) {
    this.exchange = message.exchange;
    this.routingKey = message.routingKey;
    this.content = message.content;
    this.properties = message.properties;
    this.#pending = pending;
    this.#index = index;
  }

  get isWanted(): boolean {
    return !this.#pending.isOver;
  }

  confirmed(): void {
    this.#pending.confirm(this.#index);
  }

  failed(failure: PublishFailure): void {
    this.#pending.fail(this.#index, failure);
  }

  refused(error: Error): void {
    this.#pending.refuse(error);
  }
}
