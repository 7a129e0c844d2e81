import type { Logger } from '@es/otel';
import type { AmqpMessage } from './amqp-driver.ts';
import { replyCodeOf } from './rabbitmq-failure.ts';

/** The end of a consumer that nobody here asked for. */
export interface ConsumerLoss {
  readonly queue: string;
  /** Why the broker closed the channel, if it said so. */
  readonly failure: Error | undefined;
  /** What was in hand for the longest time. */
  readonly oldest: AmqpMessage | undefined;
}

const preconditionFailed = 406;

/** Tells of a lost consumer; of one whose handlers were too slow for the broker, also how to help it. */
export function logLoss(logger: Logger, { queue, failure, oldest }: ConsumerLoss): void {
  if (!isTimeout(failure)) {
    logger.warn({ err: failure, queue }, 'A consumer was lost; what was delivered to it comes again');
    return;
  }
  const { messageId, type } = oldest?.properties ?? {};
  logger.warn(
    { err: failure, queue, event_id: messageId, event_type: type },
    'RabbitMQ took back what was in hand, since this event was for longer than its consumer_timeout; at each time that counts as a delivery. Make the handlers quicker, lower `prefetch`, or raise consumer_timeout',
  );
}

function isTimeout(failure: Error | undefined): boolean {
  return replyCodeOf(failure) === preconditionFailed && /timed out/.test(failure?.message ?? '');
}
