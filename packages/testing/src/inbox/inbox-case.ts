import type { Inbox, StoreCapabilities } from '@es/core';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import type { StoreSetting } from '../conformance/store-fixture.ts';

/** Notes that work writes in its transaction: a table of the application's own, as it were. */
export interface Notes<Transaction> {
  /** Writes a note in a transaction, in the way of the inbox's driver; the work returns what this returns. */
  write(transaction: Transaction, note: string): unknown;
  /** The notes that are committed, in any order. */
  read(): Promise<readonly string[]> | readonly string[];
}

/** What a case gets to work with. */
export interface InboxSetting extends StoreSetting<Inbox<unknown>, object> {
  readonly notes: Notes<unknown>;
}

/** One promise of the inbox port. */
export type InboxCase = ConformanceCase<InboxSetting, keyof StoreCapabilities>;
