import type { InboxEntry, InboxOutcome, InboxWork } from '@es/core';
import { describe, expect, test } from 'vitest';
import { ArrayInboxStorage, arrayInboxFixture } from './array-inbox.fixture.ts';
import { describeInbox, inboxSections, runInboxCase } from './describe-inbox.ts';

describeInbox({
  runner: { describe, test },
  name: 'ArrayInbox',
  capabilities: { durable: true, multipleConnections: true },
  create: () => arrayInboxFixture(ArrayInboxStorage),
});

class RemembersNothing extends ArrayInboxStorage {
  override once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    this.data.handled.clear();
    return super.once(entry, work);
  }
}

class ForgetsTheHandler extends ArrayInboxStorage {
  override keyOf({ eventId }: InboxEntry): string {
    return eventId;
  }
}

class JoinsNames extends ArrayInboxStorage {
  override keyOf({ eventId, handler }: InboxEntry): string {
    return eventId + handler;
  }
}

class RecordsFirst extends ArrayInboxStorage {
  override once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    return this.inTurn(async () => {
      if (this.data.handled.has(this.keyOf(entry))) return 'duplicate';
      this.data.handled.set(this.keyOf(entry), Date.now());
      await work(this.data.notes);
      return 'handled';
    });
  }
}

class WritesOutside extends ArrayInboxStorage {
  override once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    return super.once(entry, () => work(this.data.notes));
  }
}

class WrapsErrors extends ArrayInboxStorage {
  override async once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    return super.once(entry, work).catch((error) => {
      throw new Error('failed', { cause: error });
    });
  }
}

class ChecksAhead extends ArrayInboxStorage {
  override async once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    if (this.data.handled.has(this.keyOf(entry))) return 'duplicate';
    await this.inTurn(async () => {
      await work(this.data.notes);
      this.data.handled.set(this.keyOf(entry), Date.now());
    });
    return 'handled';
  }
}

class TakesTheOtherForDone extends ArrayInboxStorage {
  readonly #begun = new Set<string>();
  override once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    if (this.#begun.has(this.keyOf(entry))) return Promise.resolve('duplicate');
    this.#begun.add(this.keyOf(entry));
    return super.once(entry, work).finally(() => this.#begun.delete(this.keyOf(entry)));
  }
}

class FailsTogether extends ArrayInboxStorage {
  #hasFailed = false;
  override async once(entry: InboxEntry, work: InboxWork<string[]>): Promise<InboxOutcome> {
    if (this.#hasFailed) throw new Error('one of us failed');
    return super.once(entry, async (notes) => {
      try {
        await work(notes);
      } catch (error) {
        this.#hasFailed = true;
        throw error;
      }
      if (this.#hasFailed) throw new Error('one of us failed');
    });
  }
}

class ForgetsAll extends ArrayInboxStorage {
  override forgetBefore(): Promise<number> {
    return super.forgetBefore(new Date(8.64e15));
  }
}

class ForgetsNothing extends ArrayInboxStorage {
  override async forgetBefore(): Promise<number> {
    return this.data.handled.size;
  }
}

class ClosesAtOnce extends ArrayInboxStorage {
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

const cases = inboxSections.flatMap((section) => section.cases);

describe.each([
  ['remembers nothing', RemembersNothing, 'does the work for an event once'],
  ['forgets who handled an event', ForgetsTheHandler, 'keeps handlers apart'],
  ['joins names', JoinsNames, 'keeps handlers apart'],
  ['records before it works', RecordsFirst, 'leaves nothing behind of work that fails'],
  ['writes outside of the transaction', WritesOutside, 'leaves nothing behind of work that fails'],
  ['wraps errors', WrapsErrors, 'leaves nothing behind of work that fails'],
  ['checks ahead of the transaction', ChecksAhead, 'of many deliveries of one event'],
  ['checks ahead, between connections', ChecksAhead, 'of deliveries to several connections'],
  ['takes what was begun for done', TakesTheOtherForDone, 'of two deliveries at the same time'],
  ['fails all together', FailsTogether, 'handles different events at the same time'],
  ['forgets everything', ForgetsAll, 'forgets what was handled before a date'],
  ['forgets nothing', ForgetsNothing, 'forgets the records of every handler'],
  ['does not wait when it closes', ClosesAtOnce, 'closing twice does nothing more, and waits'],
])('an inbox that %s', (_fault, Storage, beginning) => {
  test(`fails the case "${beginning} …"`, async () => {
    const [found] = cases.filter(({ name }) => name.startsWith(beginning));
    if (found === undefined) throw new Error(`There is no case that begins so: ${beginning}.`);
    await expect(runInboxCase(() => arrayInboxFixture(Storage), found)).rejects.toThrow();
  });
});
