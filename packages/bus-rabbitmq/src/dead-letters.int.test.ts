import { randomUUID } from 'node:crypto';
import { cloudEvents, type DeadLetter, uuidV7 } from '@es/core';
import { FaultyProxy } from '@es-internal/services/proxy';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { type ConfirmChannel, connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silent } from './bus.fixture.ts';
import { RabbitMQDeadLetterStore } from './index.ts';
import { letterMessage, markerMessage, readLetter } from './letter-message.ts';
import { LetterScan } from './letter-scan.ts';

function aLetter(fields: Partial<DeadLetter> = {}): DeadLetter {
  const now = new Date().toISOString();
  return {
    id: uuidV7(),
    source: 'readers',
    destination: 'events',
    headers: {},
    content: { kind: 'raw', encoding: 'utf8', body: 'body' },
    reason: 'undecodable',
    error: { name: 'Error', message: 'no' },
    attempts: 1,
    firstFailedAt: now,
    lastFailedAt: now,
    ...fields,
  };
}

const letters = (count: number): DeadLetter[] => Array.from({ length: count }, () => aLetter());
const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

describeWithRabbitMQ('the queue of dead letters', ({ url }) => {
  let connection: Awaited<ReturnType<typeof connect>>;
  let channel: ConfirmChannel;
  beforeAll(async () => {
    connection = await connect(url);
    channel = await connection.createConfirmChannel();
  });
  afterAll(() => connection.close());
  const newQueue = async (): Promise<{ queue: string; open: (by?: string) => RabbitMQDeadLetterStore }> => {
    const queue = `letters-${randomUUID().slice(0, 8)}`;
    const open = (by = url): RabbitMQDeadLetterStore =>
      new RabbitMQDeadLetterStore({ url: by, consumerGroup: 'readers', deadLetterQueue: queue, logger: silent, publishTimeoutMs: 5_000 });
    await using store = open();
    await store.count();
    return { queue, open };
  };
  const put = async (queue: string, { content, properties }: ReturnType<typeof letterMessage>): Promise<void> => {
    channel.sendToQueue(queue, content, properties);
    await channel.waitForConfirms();
  };
  const waiting = async (queue: string): Promise<number> => (await channel.checkQueue(queue)).messageCount;

  test('two letters with one id, as an interrupted replacement leaves them, are one: the newer', async () => {
    const { queue, open } = await newQueue();
    const [other, first] = letters(2);
    const second = { ...first, attempts: 2 } as DeadLetter;
    for (const letter of [first, other, second]) await put(queue, letterMessage(letter as DeadLetter));
    await using store = open();
    expect([await store.count(), await store.list(), await store.get(second.id)]).toEqual([2, [other, second], second]);
    await store.close();
    await expect.poll(() => waiting(queue)).toBe(2);
    await using again = open();
    expect([await again.remove(second.id), idsOf(await again.list())]).toEqual([true, idsOf([other as DeadLetter])]);
  });

  test('what the bus did not put there is shown too, under an id that stays, and can be removed', async () => {
    const { queue, open } = await newQueue();
    channel.sendToQueue(queue, Buffer.from([0xff, 0x00]), { messageId: 'foreign', headers: { note: 'by hand', list: ['left', 'out'] } });
    await channel.waitForConfirms();
    await using store = open();
    const [letter] = await store.list();
    expect(letter).toMatchObject({
      reason: 'undecodable',
      destination: queue,
      content: { kind: 'raw', encoding: 'base64', body: '/wA=' },
      headers: { note: 'by hand' },
      attempts: 1,
    });
    expect(letter?.headers).not.toHaveProperty('list');
    expect(await store.list()).toEqual([letter]);
    expect([await store.remove(letter?.id ?? ''), await store.count()]).toEqual([true, 0]);
  });

  test('a reader that was interrupted has lost nothing, and what it left behind is no letter', async () => {
    const { queue, open } = await newQueue();
    await using proxy = await FaultyProxy.before(url);
    const all = letters(20);
    for (const letter of all) await put(queue, letterMessage(letter));
    await put(queue, markerMessage('left behind'));
    await using interrupted = open(proxy.url);
    expect(await interrupted.list({ limit: 5 })).toEqual(all.slice(0, 5));
    // The letters are still in its hand.
    expect(await waiting(queue)).toBe(0);
    proxy.cut();
    await using store = open();
    await expect.poll(() => store.list(), { timeout: 10_000 }).toEqual(all);
    expect(await interrupted.count()).toBe(20);
  });

  test('another reader waits until the first one has put everything back', async () => {
    const { queue, open } = await newQueue();
    const all = letters(30);
    for (const letter of all) await put(queue, letterMessage(letter));
    await using one = open();
    await using two = open();
    const looks = Array.from({ length: 5 }, () => [one.list(), two.list()]).flat();
    for (const list of await Promise.all(looks)) expect(list).toEqual(all);
  });

  test('letters beyond what one consumer may hold are seen, and all come back in their order', async () => {
    const { queue, open } = await newQueue();
    const all = letters(20);
    for (const letter of all) await put(queue, letterMessage(letter));
    const reader = { codec: cloudEvents(), deliveryLimit: 20, source: 'readers' };
    const scan = new LetterScan({
      channel: await connection.createChannel(),
      queue,
      windowSize: 3,
      read: (message) => readLetter(message, reader),
      mark: (id) => put(queue, markerMessage(id)),
    });
    const seen: DeadLetter[] = [];
    expect(await scan.run((letter) => seen.push(letter))).toBe(true);
    expect(seen).toEqual(all);
    expect(await scan.remove((all[7] as DeadLetter).id)).toBe(true);
    await scan.end();
    const left = all.filter((_, index) => index !== 7);
    const drained: (string | undefined)[] = [];
    for (let message = await channel.get(queue); message !== false; message = await channel.get(queue))
      drained.push(message.properties.messageId);
    channel.nackAll();
    expect(drained).toEqual(idsOf(left));
    await using store = open();
    expect(await store.list()).toEqual(left);
  });

  test('purging spares what comes while it is at work', async () => {
    const { queue, open } = await newQueue();
    for (const letter of letters(5)) await put(queue, letterMessage(letter));
    const late = aLetter();
    const scan = new LetterScan({
      channel: await connection.createChannel(),
      queue,
      windowSize: 100,
      read: (message) => readLetter(message, { codec: cloudEvents(), deliveryLimit: 20, source: 'readers' }),
      mark: async (id) => {
        await put(queue, markerMessage(id));
        await put(queue, letterMessage(late));
      },
    });
    await scan.run(() => undefined);
    await scan.removeAllBut(() => false);
    await using store = open();
    expect(await store.list()).toEqual([late]);
  });
});
