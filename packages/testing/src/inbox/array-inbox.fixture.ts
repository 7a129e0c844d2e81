import { BaseInbox, type InboxEntry, type InboxOutcome, type InboxStorage, type InboxWork } from '@es/core';
import type { InboxFixture } from './describe-inbox.ts';

/** Arrays that several inboxes can share: what was handled, and when, and the notes that were written meanwhile. */
export class ArrayInboxData {
  handled = new Map<string, number>();
  notes: string[] = [];
  turn: Promise<unknown> = Promise.resolve();
}

/** An inbox over arrays: one transaction at a time, which works on copies until it is committed. */
export class ArrayInboxStorage implements InboxStorage<string[]> {
  readonly component: string = 'ArrayInbox';
  readonly data: ArrayInboxData;

  constructor(data: ArrayInboxData) {
    this.data = data;
  }

  once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    return this.inTurn(async () => {
      if (this.data.handled.has(this.keyOf(entry))) return 'duplicate';
      const notes = [...this.data.notes];
      await work(notes);
      this.data.handled.set(this.keyOf(entry), Date.now());
      this.data.notes = notes;
      return 'handled';
    });
  }

  keyOf({ eventId, handler }: InboxEntry): string {
    return JSON.stringify([eventId, handler]);
  }

  inTurn<T>(fn: () => Promise<T>): Promise<T> {
    const result = this.data.turn.then(fn);
    this.data.turn = result.catch(() => undefined);
    return result;
  }

  async forgetBefore(date: Date): Promise<number> {
    const old = [...this.data.handled].filter(([, at]) => at < date.getTime());
    for (const [key] of old) this.data.handled.delete(key);
    return old.length;
  }

  async close(): Promise<void> {
    await this.data.turn;
  }
}

/** What the suite needs to try an inbox over arrays. */
export function arrayInboxFixture(Storage: typeof ArrayInboxStorage): InboxFixture<string[]> {
  const data = new ArrayInboxData();
  return {
    open: () => new BaseInbox(new Storage(data)),
    notes: { write: (transaction, note) => void transaction.push(note), read: () => data.notes },
  };
}
