import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@es/otel';
import type { DeadLetter, DeadLetterReason } from '../dead-letter/dead-letter.ts';
import type { DeadLetterWriter } from '../dead-letter/dead-letter-writer.ts';
import { throwIfAborted } from '../errors/aborted-error.ts';
import { decodeEventData } from '../events/decode-event-data.ts';
import type { DomainEvent } from '../events/event.ts';
import { withEventContext } from '../message/message-context.ts';
import { delay } from '../retry/delay.ts';
import { backoffDelay, type RetryPolicy } from '../retry/retry-policy.ts';
import type { ConsumerTelemetry } from './consumer-telemetry.ts';
import type { Delivery } from './delivery.ts';
import { letterOf } from './letter-of.ts';
import type { Slots } from './slots.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

/** How a delivery ended: every handler succeeded, or these letters are kept. */
export type DeliveryOutcome = { readonly status: 'handled' } | { readonly status: 'failed'; readonly letters: readonly DeadLetter[] };

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

/** Brings a delivery to its end: attempt after attempt, with a slot for each attempt and none for the waits in between. */
export class MessageProcessor {
  readonly #parts: MessageProcessorParts;
  readonly #handling = new AsyncLocalStorage<true>();

  constructor(parts: MessageProcessorParts) {
    this.#parts = parts;
  }

  /** Whether this is called from within a handler. */
  get isHandling(): boolean {
    return this.#handling.getStore() === true;
  }

  /** @throws AbortedError when there is no more time, or the message will come again; it is not done then. */
  async process(delivery: Delivery): Promise<DeliveryOutcome> {
    const { retry, signal, slots } = this.#parts;
    const { wasSettled } = delivery.message;
    if (wasSettled !== undefined && (await wasSettled())) return { status: 'handled' };
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await slots.use(() => this.#attempt(delivery, attempt));
      if (outcome !== 'retry') return outcome;
      await delay(backoffDelay(retry, attempt), delivery.signal === undefined ? signal : AbortSignal.any([signal, delivery.signal]));
    }
  }

  /** @throws AbortedError when there is no more time, or the message will come again. */
  #assertWanted({ signal }: Delivery): void {
    throwIfAborted(this.#parts.signal, 'Handling a message');
    throwIfAborted(signal, 'Handling a message');
  }

  async #attempt(delivery: Delivery, attempt: number): Promise<DeliveryOutcome | 'retry'> {
    this.#assertWanted(delivery);
    const failures: Failure[] = [];
    const verdict: { outcome?: DeliveryOutcome | 'retry' } = {};
    try {
      await this.#parts.telemetry.process(delivery, async () => {
        try {
          await this.#dispatch(delivery, attempt, failures);
        } catch (error) {
          // Still inside the span, to which a dead letter belongs; the span then fails as the handler did.
          verdict.outcome = await this.#afterFailure(delivery, attempt, failures);
          throw error;
        }
      });
      return { status: 'handled' };
    } catch (error) {
      if (verdict.outcome === undefined) throw error;
      return verdict.outcome;
    }
  }

  /** Calls those who have not succeeded yet; throws when one fails, after all have been called. */
  async #dispatch(delivery: Delivery, attempt: number, failures: Failure[]): Promise<void> {
    const event = this.#decode(delivery, failures);
    const { subscriptions, telemetry } = this.#parts;
    await telemetry.dispatch(event, async () => {
      for (const subscriber of delivery.pending(subscriptions, event.type)) {
        try {
          await this.#handle(delivery, subscriber, event, attempt);
          delivery.succeeded(subscriber);
        } catch (error) {
          failures.push({ handler: subscriber.name, reason: 'handler-failed', error });
        }
      }
      if (failures.length > 0) throw combined(event, failures);
    });
  }

  #decode(delivery: Delivery, failures: Failure[]): DomainEvent {
    const { registry, isComplete } = this.#parts.subscriptions;
    try {
      if (delivery.event === undefined) throw delivery.fault;
      return isComplete || registry.has(delivery.event.type) ? decodeEventData(delivery.event, registry) : delivery.event;
    } catch (error) {
      failures.push({ handler: delivery.replay?.letter.handler, reason: 'undecodable', error });
      throw error;
    }
  }

  async #handle(delivery: Delivery, { name, handler }: Subscriber, event: DomainEvent, attempt: number): Promise<void> {
    const attempts = (delivery.letterOf(name)?.attempts ?? 0) + attempt;
    const context = { handler: name, attempt: attempts, signal: this.#parts.signal };
    await this.#parts.telemetry.handle(event, name, attempts, () =>
      this.#handling.run(true, () => withEventContext(event, async () => handler(event, context))),
    );
  }

  async #afterFailure(delivery: Delivery, attempt: number, failures: readonly Failure[]): Promise<DeliveryOutcome | 'retry'> {
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
