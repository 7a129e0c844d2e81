import { getLogger } from '@es/otel';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { InMemoryEventBus } from '../bus/in-memory-event-bus.ts';
import { InMemoryEventStore } from '../event-store/in-memory-event-store.ts';
import { defineEvent } from '../events/define-event.ts';
import { BaseInbox } from './base-inbox.ts';
import type { InboxStorage } from './inbox-storage.ts';

const logger = getLogger('test.inbox');
logger.setLevel('silent');

const OrderPlaced = defineEvent('OrderPlaced', { schema: z.object({ total: z.number() }) });

/** Hands a list to the work, which it keeps as it was when the work fails. */
class Notebook implements InboxStorage<string[]> {
  readonly component = 'NotebookInbox';
  readonly #handled = new Set<string>();
  notes: readonly string[] = [];

  async once(
    { eventId, handler }: { eventId: string; handler: string },
    work: (notes: string[]) => unknown,
  ): Promise<'handled' | 'duplicate'> {
    const key = JSON.stringify([eventId, handler]);
    if (this.#handled.has(key)) return 'duplicate';
    const notes = [...this.notes];
    await work(notes);
    this.#handled.add(key);
    this.notes = notes;
    return 'handled';
  }

  async forgetBefore(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    this.#handled.clear();
  }
}

describe('a handler of an inbox', () => {
  test('has its name on the bus, is typed by its event, and writes each event once however often that fails and comes', async () => {
    const notebook = new Notebook();
    const inbox = new BaseInbox(notebook);
    const store = new InMemoryEventStore();
    await using bus = new InMemoryEventBus({ logger, retry: { initialDelayMs: 1, maxDelayMs: 1 } });
    const attempts: number[] = [];
    const { name } = bus.subscribe(
      OrderPlaced,
      inbox.handler('mailer', (event, { transaction, attempt, handler }) => {
        expectTypeOf(event.data).toEqualTypeOf<{ total: number }>();
        expectTypeOf(transaction).toEqualTypeOf<string[]>();
        attempts.push(attempt);
        transaction.push(`${handler}: ${event.data.total}`);
        if (attempt === 1) throw new Error('not yet');
      }),
    );
    await bus.startConsuming();
    await store.appendEvents({ aggregateType: 'Order', aggregateId: 'o-1' }, [OrderPlaced.create({ total: 7 })], { expectedVersion: 0 });
    const events = await store.readAll().toArray();
    for (let delivery = 0; delivery < 3; delivery += 1) await bus.publish(events);
    await bus.whenIdle();
    expect([name, attempts, notebook.notes, await bus.deadLetters.count()]).toEqual(['mailer', [1, 2], ['mailer: 7'], 0]);
  });

  test('must have a name and a function', () => {
    const inbox = new BaseInbox(new Notebook());
    expect(() => inbox.handler('', () => undefined)).toThrow(
      expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringMatching(/^NotebookInbox .* its handler .* is ""\.$/) }),
    );
    expect(() => inbox.handler('mailer', undefined as never)).toThrow(expect.objectContaining({ code: 'ES_INVALID_ARGUMENT' }));
  });
});
