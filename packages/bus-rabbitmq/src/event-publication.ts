import type { PendingPublish, PublishFailure } from '@es/core';
import type { AmqpPublishOptions } from './amqp-driver.ts';
import type { Publication } from './publication.ts';

/** What the events of one call to `publish` share. */
export interface EventPublish {
  readonly pending: PendingPublish;
  /** Ends the call with this error. */
  refuse(error: Error): void;
}

/** One event of a publish. */
export class EventPublication implements Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: AmqpPublishOptions;
  readonly #publish: EventPublish;
  readonly #index: number;

  constructor(
    publish: EventPublish,
    index: number,
    message: { readonly exchange: string; readonly routingKey: string; readonly content: Buffer; readonly properties: AmqpPublishOptions },
  ) {
    this.exchange = message.exchange;
    this.routingKey = message.routingKey;
    this.content = message.content;
    this.properties = message.properties;
    this.#publish = publish;
    this.#index = index;
  }

  get isWanted(): boolean {
    return !this.#publish.pending.isOver;
  }

  confirmed(): void {
    this.#publish.pending.confirm(this.#index);
  }

  failed(failure: PublishFailure): void {
    this.#publish.pending.fail(this.#index, failure);
  }

  refused(error: Error): void {
    this.#publish.refuse(error);
  }
}
