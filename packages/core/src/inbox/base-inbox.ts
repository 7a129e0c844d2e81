import type { EventHandler } from '../bus/event-handler.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import type { DomainEvent } from '../events/event.ts';
import { identifierRule, isIdentifier } from '../identifier.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { Inbox, InboxHandler, InboxOutcome, InboxWork } from './inbox.ts';
import type { InboxStorage } from './inbox-storage.ts';

/** The inbox over a storage: its checks, its handlers and its end are the same for every adapter. Adapters extend it. */
export class BaseInbox<Transaction> implements Inbox<Transaction> {
  readonly #storage: InboxStorage<Transaction>;
  readonly #lifecycle: Lifecycle;

  constructor(storage: InboxStorage<Transaction>) {
    this.#storage = storage;
    this.#lifecycle = new Lifecycle(storage.component);
  }

  async once(eventId: string, handler: string, work: InboxWork<Transaction>, options: OperationOptions = {}): Promise<InboxOutcome> {
    this.#lifecycle.assertOpen('once', options.signal);
    this.#assertName('event id', eventId);
    this.#assertName('handler', handler);
    this.#assertFunction(work);
    return this.#storage.once({ eventId, handler }, work, options);
  }

  handler<Event extends DomainEvent>(name: string, handle: InboxHandler<Transaction, Event>): EventHandler<Event> {
    this.#assertName('handler', name);
    this.#assertFunction(handle);
    const handler: EventHandler<Event> = (event, context) =>
      this.once(event.id, name, (transaction) => handle(event, { ...context, transaction }), { signal: context.signal });
    return Object.defineProperty(handler, 'name', { value: name });
  }

  async forgetBefore(date: Date, options: OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('forgetBefore', options.signal);
    if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
      throw new InvalidArgumentError(`${this.#storage.component}.forgetBefore needs a valid Date; it got ${String(date)}.`);
    }
    return this.#storage.forgetBefore(date, options);
  }

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#storage.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #assertName(what: string, value: unknown): void {
    if (isIdentifier(value)) return;
    throw new InvalidArgumentError(
      `${this.#storage.component} needs the name of a handler and the id of an event; its ${what} must be ${identifierRule}, and is ${JSON.stringify(value)}.`,
    );
  }

  #assertFunction(value: unknown): void {
    if (typeof value !== 'function') throw new InvalidArgumentError(`${this.#storage.component} needs a function that does the work.`);
  }
}
