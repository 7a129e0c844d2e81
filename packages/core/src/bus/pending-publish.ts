import { AbortedError } from '../errors/aborted-error.ts';
import { PublishError, type PublishErrorCode, type UnconfirmedEvent } from '../errors/publish-error.ts';
import type { OutgoingMessage } from './event-transport.ts';

/** What a publish is, for its errors, and how long it may take. */
export interface PendingPublishOptions {
  /** First word of the message, such as `KafkaEventBus`. */
  readonly component: string;
  /** How long to wait for the broker, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Why a message is not confirmed. */
export interface PublishFailure {
  readonly code: PublishErrorCode;
  /** The reason and what to do about it, as the end of a sentence that says which events it is about. */
  readonly reason: string;
  readonly cause?: unknown;
}

/** The messages of one publish on their way to being confirmed by a broker. */
export class PendingPublish {
  /**
   * Resolves when every message is confirmed. Rejects with a PublishError that names those that are not, as soon as each is settled or the
   * time is over; with an AbortedError as soon as the caller's signal is aborted.
   */
  readonly done: Promise<void>;
  readonly #messages: readonly OutgoingMessage[];
  readonly #options: PendingPublishOptions;
  readonly #open: Set<number>;
  readonly #failures = new Map<number, PublishFailure>();
  readonly #outcome = Promise.withResolvers<void>();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #aborted = (): void => {
    const { component, signal } = this.#options;
    this.#end(new AbortedError(`${component}.publish`, signal?.reason));
  };

  constructor(messages: readonly OutgoingMessage[], options: PendingPublishOptions) {
    this.#messages = messages;
    this.#options = options;
    this.#open = new Set(messages.keys());
    this.done = this.#outcome.promise;
    // Whoever sends may fail before anyone waits.
    this.done.catch(() => undefined);
    this.#timer = setTimeout(() => this.#timedOut(), options.timeoutMs);
    options.signal?.addEventListener('abort', this.#aborted);
    if (options.signal?.aborted === true) this.#aborted();
  }

  /** Whether nothing more is awaited. */
  get isOver(): boolean {
    return this.#open.size === 0;
  }

  /** Indexes of the messages that are neither confirmed nor failed, in their order. */
  get open(): readonly number[] {
    return [...this.#open];
  }

  /** The broker has the message of this index. */
  confirm(index: number): void {
    if (this.#open.delete(index)) this.#endIfSettled();
  }

  /** The message of this index won't be confirmed. */
  fail(index: number, failure: PublishFailure): void {
    if (!this.#open.delete(index)) return;
    this.#failures.set(index, failure);
    this.#endIfSettled();
  }

  /** No open message will be confirmed. */
  failAll(failure: PublishFailure): void {
    for (const index of this.open) this.fail(index, failure);
  }

  /** The broker can't be worked with at all: `done` rejects with this error, whatever was confirmed before. */
  refuse(error: Error): void {
    if (!this.isOver) this.#end(error);
  }

  #timedOut(): void {
    const { timeoutMs } = this.#options;
    this.failAll({
      code: 'ES_PUBLISH_UNCONFIRMED',
      reason: `the broker did not confirm within ${timeoutMs} ms, and may have them or not. Publish them again; consumers may see an event twice.`,
    });
  }

  #endIfSettled(): void {
    if (this.#open.size === 0) this.#end(this.#error());
  }

  #end(error: Error | undefined): void {
    this.#open.clear();
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#aborted);
    if (error === undefined) this.#outcome.resolve();
    else this.#outcome.reject(error);
  }

  /** Of several reasons the first message's is told; all events are listed. */
  #error(): PublishError | undefined {
    const failed = [...this.#failures].sort(([one], [other]) => one - other);
    const [first] = failed;
    if (first === undefined) return undefined;
    const [, { code, reason, cause }] = first;
    const unconfirmed = failed.flatMap(([index]) => this.#describe(index));
    const destinations = [...new Set(failed.map(([index]) => this.#messages[index]?.route.destination))].join(', ');
    return new PublishError(
      code,
      `${this.#options.component}.publish to ${destinations}: ${unconfirmed.length} of ${this.#messages.length} events are not confirmed (${list(unconfirmed)}): ${reason}`,
      unconfirmed,
      cause === undefined ? undefined : { cause },
    );
  }

  #describe(index: number): readonly UnconfirmedEvent[] {
    const event = this.#messages[index]?.event;
    return event === undefined
      ? []
      : [{ id: event.id, type: event.type, aggregateType: event.aggregateType, aggregateId: event.aggregateId }];
  }
}

const listed = 3;

function list(events: readonly UnconfirmedEvent[]): string {
  const names = events.slice(0, listed).map(({ id, type }) => `${type} ${id}`);
  return events.length > listed ? `${names.join(', ')} and ${events.length - listed} more` : names.join(', ');
}
