import type { DomainEvent } from '../events/event.ts';

/**
 * Why a message is a dead letter: a handler failed at every attempt, no event could be made of it, or the broker gave up delivering it after
 * its consumers had let go of it too often, as when it makes their process crash.
 */
export type DeadLetterReason = 'delivery-limit' | 'handler-failed' | 'undecodable';

/** What a dead letter keeps of an error; without its stack and its cause, which may hold anything. */
export interface DeadLetterError {
  /** The error's class, or `error.type` of what is none. */
  readonly name: string;
  /** Its stable code, if it has one. */
  readonly code?: string;
  /** Its message, with the passwords of URLs masked. */
  readonly message: string;
}

/** What a message said: its event, with data as it was on the wire, or its body where no event could be made of that. */
export type DeadLetterContent =
  | { readonly kind: 'event'; readonly event: DomainEvent }
  | { readonly kind: 'raw'; readonly encoding: 'utf8' | 'base64'; readonly body: string };

/** A message that could not be handled, put aside with all that is needed to find out why, and to handle it later. Plain JSON. */
export interface DeadLetter {
  /** UUIDv7: letters sort by the time at which they were first written. */
  readonly id: string;
  /** Who could not handle it: the bus, or the consumer group, that it was delivered to. */
  readonly source: string;
  /** Name of the handler that failed; absent where none was reached. */
  readonly handler?: string;
  /** Where the message had been published: a topic, an exchange, a bus. */
  readonly destination: string;
  /** The message's headers, with the trace context in which it was published. */
  readonly headers: Readonly<Record<string, string>>;
  readonly content: DeadLetterContent;
  readonly reason: DeadLetterReason;
  /** What the last attempt failed with. */
  readonly error: DeadLetterError;
  /** Attempts so far, those of replays included. */
  readonly attempts: number;
  /** When it became a dead letter; ISO 8601 in UTC. */
  readonly firstFailedAt: string;
  /** When it failed last; differs from `firstFailedAt` after a replay that failed too. */
  readonly lastFailedAt: string;
}
