import type { Logger } from '@es/otel';
import type { DeadLetter, DeadLetterReason } from '../dead-letter/dead-letter.ts';
import type { DeadLetterWriter } from '../dead-letter/dead-letter-writer.ts';
import { throwIfAborted } from '../errors/aborted-error.ts';
import { decodeEventData } from '../events/decode-event-data.ts';
import type { DomainEvent } from '../events/event.ts';
import { withEventContext } from '../message/message-context.ts';
import { delay } from '../retry/delay.ts';
import { backoffDelay, type RetryPolicy } from '../retry/retry-policy.ts';
import type { AttemptTelemetry } from './attempt-telemetry.ts';
import type { ConsumerTelemetry } from './consumer-telemetry.ts';
import type { Delivery, DeliveryOutcome } from './delivery.ts';
import { letterOf } from './letter-of.ts';
import type { Slots } from './slots.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

/** What a processor works with. */
export interface MessageProcessorParts {
  readonly deadLetterSource: string;
  readonly logger: Logger;
  readonly retry: RetryPolicy;
  /** Aborted when there is no more time for handlers. */
  readonly signal: AbortSignal;
  readonly slots: Slots;
  readonly subscriptions: Subscriptions;
  readonly telemetry: ConsumerTelemetry;
  readonly writer: DeadLetterWriter;
}

/** A handler that failed, or no handler where none was reached. */
interface Failure {
  readonly handler: string | undefined;
  readonly reason: DeadLetterReason;
  readonly error: unknown;
}

/** One attempt at a delivery. */
interface Attempt {
  readonly delivery: Delivery;
  /** From 1. */
  readonly number: number;
  readonly telemetry: AttemptTelemetry;
  readonly failures: Failure[];
  /** What becomes of the delivery, if the attempt failed. */
  outcome?: DeliveryOutcome | 'retry';
}

const handled: DeliveryOutcome = Object.freeze({ status: 'handled' });

/** Brings a delivery to its end: attempt after attempt, with a slot for each attempt and none for the waits in between. */
export class MessageProcessor {
  readonly #parts: MessageProcessorParts;

  constructor(parts: MessageProcessorParts) {
    this.#parts = parts;
  }

  /** @throws AbortedError when there is no more time, or the message will come again; it is not done then. */
  async process(delivery: Delivery): Promise<void> {
    const { retry, signal, slots, telemetry } = this.#parts;
    const { wasSettled } = delivery.message;
    if (wasSettled !== undefined && (await wasSettled())) {
      delivery.outcome = handled;
      return;
    }
    for (let number = 1; ; number += 1) {
      const attempt: Attempt = { delivery, number, telemetry: telemetry.attempt(), failures: [] };
      const freed = slots.take();
      if (freed !== undefined) await freed;
      try {
        this.#assertWanted(delivery);
        await attempt.telemetry.process(delivery, () => this.#dispatch(attempt));
        attempt.outcome = handled;
      } catch (error) {
        if (attempt.outcome === undefined) throw error;
      } finally {
        slots.release();
      }
      if (attempt.outcome !== 'retry') {
        delivery.outcome = attempt.outcome;
        return;
      }
      await delay(backoffDelay(retry, number), delivery.signal === undefined ? signal : AbortSignal.any([signal, delivery.signal]));
    }
  }

  /** @throws AbortedError when there is no more time, or the message will come again. */
  #assertWanted({ signal }: Delivery): void {
    throwIfAborted(this.#parts.signal, 'Handling a message');
    throwIfAborted(signal, 'Handling a message');
  }

  /** Calls those who have not succeeded yet; throws when one fails, after all have been called and it is decided what becomes of the message. */
  async #dispatch(attempt: Attempt): Promise<void> {
    try {
      const event = this.#decode(attempt);
      await attempt.telemetry.dispatch(event, () => this.#callHandlers(attempt, event));
    } catch (error) {
      // Still inside the span, to which a dead letter belongs; the span then fails as the handler did.
      attempt.outcome = await this.#afterFailure(attempt);
      throw error;
    }
  }

  async #callHandlers(attempt: Attempt, event: DomainEvent): Promise<void> {
    const { delivery, failures } = attempt;
    for (const subscriber of delivery.pending(this.#parts.subscriptions, event.type)) {
      try {
        await this.#handle(attempt, subscriber, event);
        delivery.succeeded(subscriber);
      } catch (error) {
        failures.push({ handler: subscriber.name, reason: 'handler-failed', error });
      }
    }
    if (failures.length > 0) throw combined(event, failures);
  }

  #decode({ delivery, failures }: Attempt): DomainEvent {
    const { registry, isComplete } = this.#parts.subscriptions;
    try {
      if (delivery.event === undefined) throw delivery.fault;
      return isComplete || registry.has(delivery.event.type) ? decodeEventData(delivery.event, registry) : delivery.event;
    } catch (error) {
      failures.push({ handler: delivery.replay?.letter.handler, reason: 'undecodable', error });
      throw error;
    }
  }

  #handle({ delivery, number, telemetry }: Attempt, { name, handler }: Subscriber, event: DomainEvent): unknown {
    const attempt = (delivery.letterOf(name)?.attempts ?? 0) + number;
    const context = { handler: name, attempt, signal: this.#parts.signal };
    return telemetry.handle(event, name, attempt, () => withEventContext(event, () => handler(event, context)));
  }

  async #afterFailure({ delivery, number: attempt, failures }: Attempt): Promise<DeliveryOutcome | 'retry'> {
    const { deadLetterSource, logger, retry, telemetry, writer } = this.#parts;
    // What fails because its time was cut short has not shown that it can't succeed.
    this.#assertWanted(delivery);
    const isFinal = attempt >= retry.maxAttempts || failures.some(({ reason }) => reason === 'undecodable');
    const letters: DeadLetter[] = [];
    for (const { handler, reason, error } of failures) {
      const about = { err: error, handler, event_id: delivery.event?.id, event_type: delivery.event?.type, attempt };
      if (!isFinal) {
        logger.warn(about, `A handler failed at attempt ${attempt} of ${retry.maxAttempts} and will be called again`);
        continue;
      }
      const letter = letterOf(delivery, { source: deadLetterSource, handler, reason, error, attempt });
      await writer.write(letter);
      telemetry.deadLettered(delivery.message, handler, error);
      logger.error(
        { ...about, dead_letter: letter.id },
        reason === 'undecodable'
          ? 'A message that can not be decoded is now a dead letter'
          : 'A handler failed at its last attempt; its message is now a dead letter',
      );
      letters.push(letter);
    }
    return isFinal ? { status: 'failed', letters } : 'retry';
  }
}

/** One failure as it is, several as one error. */
function combined(event: DomainEvent, failures: readonly Failure[]): unknown {
  const [first] = failures;
  if (failures.length === 1 && first !== undefined) return first.error;
  const names = failures.map(({ handler }) => handler).join(', ');
  return new AggregateError(
    failures.map(({ error }) => error),
    `${failures.length} handlers of event ${event.id} (${event.type}) failed: ${names}.`,
  );
}
