import { randomUUID } from 'node:crypto';
import { ALL_EVENTS } from '@es/core';
import { startChild } from '@es-internal/services/child';
import { eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { until } from '@es-internal/services/until';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBus } from './bus.fixture.ts';

describeWithKafka('processes that are killed, and one that is not', ({ brokers, prefix }) => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  const place = (): { brokers: string[]; topic: string; consumerGroup: string } => {
    const topic = `${prefix}${randomUUID()}`;
    return { brokers, topic, consumerGroup: `${topic}.group` };
  };

  test('a consumer that is killed in the middle of its work: another one goes on where it was', async () => {
    const options = place();
    await using bus = openBus(options);
    const events = eventsOf(20, 40);
    await bus.publish(events);
    const child = startChild(new URL('./consumer.fixture.ts', import.meta.url), options);
    const committed = async (): Promise<number> => {
      const [offsets] = await admin.fetchOffsets({ groupId: options.consumerGroup, topics: [options.topic] });
      return (offsets?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
    };
    await until(async () => (await committed()) > 100, 'some of it is committed');
    child.process.kill('SIGKILL');
    await child.ended;
    const ledger = new Ledger();
    for (const id of child.lines) {
      const event = events.find((one) => one.id === id);
      if (event !== undefined) ledger.note(event);
    }
    bus.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
    await bus.startConsuming();
    await until(() => ledger.has(events), 'every event is handled');
    ledger.assertComplete(events);
    expect(ledger.repeats).toBeLessThan(child.lines.length - 100);
  });

  test('a publisher that is killed in the middle of its work: what was confirmed is there, in order', async () => {
    const options = place();
    await using bus = openBus(options);
    const child = startChild(new URL('./publisher.fixture.ts', import.meta.url), options);
    await until(() => child.lines.length >= 500, 'much is confirmed');
    child.process.kill('SIGKILL');
    await child.ended;
    const ledger = new Ledger();
    const seen = new Set<string>();
    bus.subscribe(
      ALL_EVENTS,
      (event) => {
        seen.add(event.id);
        ledger.note(event);
      },
      { name: 'count' },
    );
    await bus.startConsuming();
    await until(() => child.lines.every((id) => seen.has(id)), 'every confirmed event is handled');
    ledger.assertInOrder();
  });

  test('a process that has stopped its bus ends by itself', async () => {
    const child = startChild(new URL('./round-trip.fixture.ts', import.meta.url), place());
    expect(await child.ended).toEqual({ code: 0, errors: '' });
    expect(child.lines).toEqual(['stopped']);
  });
});
