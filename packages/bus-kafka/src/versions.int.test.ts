import { ALL_EVENTS } from '@es/core';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { type PrivateKafka, startPrivateKafka } from '@es-internal/services/private-kafka';
import { until } from '@es-internal/services/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BusOptions, openBus } from './bus.fixture.ts';
import type { KafkaEventBus } from './index.ts';

describe('the main cases on Kafka 4.1', () => {
  let kafka: PrivateKafka;
  beforeAll(async () => {
    kafka = await startPrivateKafka({ version: '4.1.0' });
  });
  afterAll(() => kafka[Symbol.asyncDispose]());
  const open = (topic: string, options: BusOptions = {}): KafkaEventBus =>
    openBus({ brokers: kafka.brokers, topic, consumerGroup: `${topic}.group`, ...options });

  test('events are published, in transactions too, and handled by a group that changes', async () => {
    const ledger = new Ledger();
    const [one, two, publisher] = [open('counters'), open('counters'), open('counters', { transactionalId: 'publisher' })];
    const events = eventsOf(30, 30);
    for (const bus of [one, two])
      bus.subscribe(
        ALL_EVENTS,
        ledger.handler(() => 1),
        { name: 'count' },
      );
    await one.startConsuming();
    await one.publish(events.slice(0, 300));
    await two.startConsuming();
    for (let start = 300; start < events.length; start += 100) await publisher.publish(events.slice(start, start + 100));
    await one.stop();
    await until(() => ledger.has(events), 'every event is handled');
    await Promise.all([two.stop(), publisher.stop()]);
    ledger.assertComplete(events);
    expect(ledger.repeats).toBe(0);
  });

  test('what fails becomes a dead letter, which is listed, replayed and purged', async () => {
    await using bus = open('letters', { retry: { maxAttempts: 2, initialDelayMs: 1 } });
    let isCured = false;
    const handle = (): void => {
      if (!isCured) throw new Error('poison');
    };
    bus.subscribe(ALL_EVENTS, handle, { name: 'count' });
    await bus.startConsuming();
    await bus.publish([eventOf('a', 1), eventOf('b', 1), eventOf('c', 1)]);
    await until(async () => (await bus.deadLetters.count()) === 3, 'all are dead letters');
    isCured = true;
    const [letter] = await bus.deadLetters.list();
    expect(await bus.replayDeadLetter(letter?.id ?? '')).toEqual({ status: 'handled' });
    expect([await bus.deadLetters.purge(), await bus.deadLetters.count()]).toEqual([2, 0]);
  });
});
