import { randomUUID } from 'node:crypto';
import { ALL_EVENTS, type DomainEvent } from '@es/core';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { until } from '@es-internal/services/until';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BusOptions, openBus } from './bus.fixture.ts';
import { type KafkaEventBus, kafkaEventBusCapabilities } from './index.ts';

describeWithKafka('publishing to Kafka', ({ brokers, prefix }) => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  const place = (): ((options?: BusOptions) => KafkaEventBus) => {
    const topic = `${prefix}${randomUUID()}`;
    return (options) => openBus({ brokers, topic, consumerGroup: `${topic}.group`, ...options });
  };
  const consume = async (bus: KafkaEventBus): Promise<Ledger> => {
    const ledger = new Ledger();
    bus.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
    await bus.startConsuming();
    return ledger;
  };
  const large = (aggregateId: string, version: number): DomainEvent =>
    eventOf(aggregateId, version, { data: { text: 'x'.repeat(1_100_000) } });

  test('calls at the same time each succeed or fail by themselves, also where one is too large for the broker', async () => {
    await using bus = place()();
    await bus.publish([eventOf('before', 1)]);
    const good = Array.from({ length: 20 }, (_, index) => eventsOf(1, 3, `good-${index}`));
    const bad = [eventOf('mixed', 1), large('bad', 1), eventOf('other', 1)];
    const [refused, ...others] = await Promise.allSettled([bus.publish(bad), ...good.map((events) => bus.publish(events))]);
    expect(others.map(({ status }) => status)).toEqual(good.map(() => 'fulfilled'));
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'ES_PUBLISH_TOO_LARGE',
        unconfirmed: [{ id: bad[1]?.id }],
        message: expect.stringMatching(/1 of 3 events .* max\.message\.bytes/s),
      },
    });
    const ledger = await consume(bus);
    await until(() => ledger.size === 63, 'all but the large one are handled');
    ledger.assertInOrder();
  });

  test('an event that nobody reads is taken, and waits for whoever comes', async () => {
    expect(kafkaEventBusCapabilities.refusesUnroutable).not.toBe(true);
    await using bus = place()();
    const events = [eventOf('unread', 1)];
    await bus.publish(events);
    const ledger = await consume(bus);
    await until(() => ledger.has(events), 'the event is handled');
  });

  test('a publish that is larger than a request goes in several, in order', async () => {
    await using bus = place()();
    const events = Array.from({ length: 40 }, (_, index) => eventOf('one', index + 1, { data: { text: 'y'.repeat(90_000) } }));
    await bus.publish(events);
    const ledger = await consume(bus);
    await until(() => ledger.has(events), 'every event is handled');
    ledger.assertComplete(events);
  });

  test('in a transaction all events of a publish are seen, or none', async () => {
    const open = place();
    await using bus = open({ transactionalId: `${prefix}${randomUUID()}` });
    await bus.publish([eventOf('a', 1), eventOf('b', 1)]);
    await expect(bus.publish([eventOf('c', 1), large('d', 1), eventOf('e', 1)])).rejects.toMatchObject({
      code: 'ES_PUBLISH_TOO_LARGE',
      unconfirmed: { length: 3 },
    });
    const last = Array.from({ length: 10 }, (_, index) => eventsOf(5, 1, `last-${index}`));
    await Promise.all(last.map((events) => bus.publish(events)));
    const ledger = await consume(open());
    await until(() => ledger.has(last.flat()), 'what came after is handled');
    expect(ledger.size).toBe(52);
  });

  test('two buses with one transactional id: the older one is shut out, and says so', async () => {
    const open = place();
    const transactionalId = `${prefix}${randomUUID()}`;
    await using older = open({ transactionalId });
    await older.publish([eventOf('a', 1)]);
    await using newer = open({ transactionalId });
    await newer.publish([eventOf('a', 2)]);
    await expect(older.publish([eventOf('a', 3)])).rejects.toMatchObject({
      code: 'ES_PUBLISH_REFUSED',
      message: expect.stringContaining('transactionalId'),
    });
  });

  test('compressed records come back as they were', async () => {
    await using bus = place()({ compression: 'gzip' });
    const events = eventsOf(5, 20);
    await bus.publish(events);
    const ledger = await consume(bus);
    await until(() => ledger.has(events), 'every event is handled');
    ledger.assertComplete(events);
  });

  test('an aborted publish fails at once; those behind it are published', async () => {
    await using bus = place()();
    const controller = new AbortController();
    const [aborted, other] = [bus.publish([eventOf('a', 1)], { signal: controller.signal }), bus.publish([eventOf('b', 1)])];
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ES_ABORTED' });
    await other;
  });

  test('events published just before the bus is stopped are confirmed', async () => {
    const open = place();
    const bus = open();
    const events = eventsOf(10, 10);
    const published = bus.publish(events);
    await Promise.all([published, bus.stop()]);
    await using other = open();
    const ledger = await consume(other);
    await until(() => ledger.has(events), 'every event is handled');
  });
});
