import type { OperationOptions } from '../event-store/event-store.ts';
import type { InboxOutcome, InboxWork } from './inbox.ts';

/** A delivery, by what tells it from others. */
export interface InboxEntry {
  readonly eventId: string;
  readonly handler: string;
}

/** What an adapter implements; {@link BaseInbox} makes an inbox of it. Arguments were checked. */
export interface InboxStorage<Transaction> {
  /** Name of the inbox, for messages. */
  readonly component: string;
  /** Records an entry and does its work in one transaction; does nothing where the entry is on record. */
  once(entry: InboxEntry, work: InboxWork<Transaction>, options: OperationOptions): Promise<InboxOutcome>;
  /** @returns how many entries it has removed. */
  forgetBefore(date: Date, options: OperationOptions): Promise<number>;
  /** Waits for what was begun, and lets go of the database. */
  close(): Promise<void>;
}
