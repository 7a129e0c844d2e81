import type { TraceContextFields } from '@es/otel';
import type { DomainEvent } from '../events/event.ts';
import type { IncomingMessage } from './event-transport.ts';

/** What of a delivery its span shows. */
export interface TracedDelivery {
  readonly message: IncomingMessage;
  /** Absent when the message could not be decoded. */
  readonly event: DomainEvent | undefined;
  /** Trace context of whoever asked for a replay. */
  readonly replayedBy: TraceContextFields | undefined;
}

/** What shows one attempt at a message. */
export interface AttemptTelemetry {
  /** The attempt, in the context that came with the message and in no other; so also where tracing is switched off. */
  process<T>(delivery: TracedDelivery, fn: () => Promise<T>): Promise<T>;
  dispatch<T>(event: DomainEvent, fn: () => Promise<T>): Promise<T>;
  /** One run of one handler. */
  handle<T>(event: DomainEvent, handler: string, attempt: number, fn: () => T): T;
}

/** Where there is no SDK, no span, metric or context means anything. */
export const unseen: AttemptTelemetry = {
  process: (_delivery, fn) => fn(),
  dispatch: (_event, fn) => fn(),
  handle: (_event, _handler, _attempt, fn) => fn(),
};
