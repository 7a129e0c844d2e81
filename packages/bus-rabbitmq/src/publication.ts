import type { PublishFailure } from '@es/core';
import type { AmqpPublishOptions } from './amqp-driver.ts';

/** A message on its way to the broker's confirmation, and whom to tell how that went. */
export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: AmqpPublishOptions;
  /** False once nobody waits for it any more. */
  readonly isWanted: boolean;
  confirmed(): void;
  failed(failure: PublishFailure): void;
  /** The broker can't be worked with at all. */
  refused(error: Error): void;
}
