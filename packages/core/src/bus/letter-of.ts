import type { DeadLetter, DeadLetterReason } from '../dead-letter/dead-letter.ts';
import { rawContent } from '../dead-letter/dead-letter-content.ts';
import { describeError } from '../dead-letter/dead-letter-error.ts';
import { uuidV7 } from '../events/uuid-v7.ts';
import type { Delivery } from './delivery.ts';

/** Why a delivery becomes a dead letter. */
export interface DeliveryFailure {
  readonly source: string;
  readonly handler: string | undefined;
  readonly reason: DeadLetterReason;
  readonly error: unknown;
  /** Attempts of this delivery. */
  readonly attempt: number;
}

/** Makes the dead letter of a delivery: a new one, or, when a replay failed, the same one as it stands now. */
export function letterOf(delivery: Delivery, { source, handler, reason, error, attempt }: DeliveryFailure): DeadLetter {
  const { event, message } = delivery;
  const before = delivery.letterOf(handler);
  const now = new Date().toISOString();
  return {
    id: before?.id ?? uuidV7(),
    source,
    ...(handler === undefined ? {} : { handler }),
    destination: message.route.destination,
    headers: message.headers,
    content: event === undefined ? rawContent(message.body) : { kind: 'event', event },
    reason,
    error: describeError(error),
    attempts: (before?.attempts ?? 0) + attempt,
    firstFailedAt: before?.firstFailedAt ?? now,
    lastFailedAt: now,
  };
}
