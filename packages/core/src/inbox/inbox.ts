import type { EventHandler, HandlerContext } from '../bus/event-handler.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import type { DomainEvent } from '../events/event.ts';

/** How a delivery ended: its work was done and recorded, or it had been before and nothing was done. */
export type InboxOutcome = 'handled' | 'duplicate';

/** Writes in a transaction. What it returns is awaited, where the inbox says that work may be asynchronous. */
export type InboxWork<Transaction> = (transaction: Transaction) => unknown;

/** Handles an event, and writes in the transaction that records it as handled. */
export type InboxHandler<Transaction, Event extends DomainEvent = DomainEvent> = (
  event: Event,
  context: HandlerContext & {
    /** What to write with. What is written with anything else is not undone when the handler fails, nor kept from being done twice. */
    readonly transaction: Transaction;
  },
) => unknown;

/**
 * Remembers which events were handled by whom, in the database that the handlers write to: a bus delivers an event at least once, and its
 * effects happen exactly once.
 *
 * Every operation fails with a ClosedError after `close()`, with an AbortedError when its signal is aborted, and with a StorageError when the
 * database fails.
 *
 * @typeParam Transaction - What a handler writes with, as the database's driver has it.
 */
export interface Inbox<Transaction> extends AsyncDisposable {
  /**
   * Does the work for an event, and records that it is done, in one transaction: both are committed when this resolves. An event that this
   * handler has on record is left alone. Of two deliveries at the same time, one waits for the other's end.
   *
   * @param handler - Whose work it is; keep the name across releases.
   * @throws what the work throws; neither its writes nor the record are there then.
   */
  once(eventId: string, handler: string, work: InboxWork<Transaction>, options?: OperationOptions): Promise<InboxOutcome>;
  /**
   * Makes a handler for a bus that handles each event {@link once}. It has this name on the bus, unless it is subscribed under another.
   *
   * @throws InvalidArgumentError when the name is not an identifier, or the handler not a function.
   */
  handler<Event extends DomainEvent>(name: string, handle: InboxHandler<Transaction, Event>): EventHandler<Event>;
  /**
   * Forgets the events that were handled before a date, by the database's clock. Delivered once more, they would be handled once more: keep
   * records for longer than a bus may redeliver, replays of dead letters included.
   *
   * @returns how many records there were.
   */
  forgetBefore(date: Date, options?: OperationOptions): Promise<number>;
  /** Waits for the work in hand, and closes; calling it again does nothing. */
  close(): Promise<void>;
}
