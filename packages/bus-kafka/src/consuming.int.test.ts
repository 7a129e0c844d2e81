import { randomUUID } from 'node:crypto';
import { ALL_EVENTS, type DomainEvent } from '@es/core';
import { createTelemetryRecorder } from '@es/testing';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { until } from '@es-internal/services/until';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BusOptions, openBus } from './bus.fixture.ts';
import type { KafkaEventBus } from './index.ts';
import { confluentFolder } from './location.fixture.ts';

describeWithKafka('consuming from Kafka', ({ brokers, prefix }) => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  const place = (options: BusOptions = {}) => {
    const topic = `${prefix}${randomUUID()}`;
    const group = `${topic}.group`;
    return {
      topic,
      open: (more: BusOptions = {}): KafkaEventBus => openBus({ brokers, topic, consumerGroup: group, partitions: 1, ...options, ...more }),
      committed: async () => (await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0]?.partitions ?? [],
    };
  };

  test('an event that is being retried holds up its own aggregate and no other in its partition; a restart repeats nothing that is done', async () => {
    const { open, committed } = place({ retry: { maxAttempts: 2, initialDelayMs: 600_000, maxDelayMs: 600_000, jitter: 'none' } });
    const [first, ledger] = [open(), new Ledger()];
    const stuck = eventOf('stuck', 1);
    const behind = [eventOf('stuck', 2), eventOf('stuck', 3)];
    const others = eventsOf(20, 25);
    first.subscribe(
      ALL_EVENTS,
      (event) => {
        if (event.id === stuck.id) throw new Error('not now');
        ledger.note(event);
      },
      { name: 'count' },
    );
    await first.startConsuming();
    await first.publish([...others.slice(0, 100), stuck, ...others.slice(100, 300), ...behind, ...others.slice(300)]);
    await until(() => ledger.has(others), 'all others are handled');
    expect(await first.stop({ deadlineMs: 0 })).toEqual({ unfinished: 3 });
    const places = await committed();
    expect(places).toMatchObject([{ partition: 0, offset: '100' }]);
    const [stands] = places;
    // Confluent's library adds a NUL.
    const metadata = confluentFolder === undefined ? stands?.metadata : stands?.metadata?.replace('\0', '');
    expect(metadata).toBe(`es1:1.${(200).toString(36)}.2.${(200).toString(36)}`);
    const again = new Ledger();
    await using second = open();
    second.subscribe(ALL_EVENTS, again.handler(), { name: 'count' });
    await second.startConsuming();
    await until(() => again.has([stuck, ...behind]), 'what was left is handled');
    again.assertComplete([stuck, ...behind]);
    await until(async () => (await committed())[0]?.offset === '503', 'all of it is committed');
  });

  test('one poison event among 1,000: it alone becomes a dead letter, and can be replayed', async () => {
    const { open } = place({ partitions: 3, retry: { maxAttempts: 3, initialDelayMs: 20 } });
    await using bus = open();
    const ledger = new Ledger();
    const events = eventsOf(50, 20);
    const poison = events[333];
    let isCured = false;
    bus.subscribe(
      ALL_EVENTS,
      (event) => {
        if (event.id === poison?.id && !isCured) throw new Error('poison');
        ledger.note(event);
      },
      { name: 'count' },
    );
    await bus.startConsuming();
    await bus.publish(events);
    await until(async () => ledger.size === 999 && (await bus.deadLetters.count()) === 1, 'all but one are handled');
    const [letter] = await bus.deadLetters.list();
    expect(letter).toMatchObject({ reason: 'handler-failed', attempts: 3, content: { event: { id: poison?.id } } });
    isCured = true;
    expect(await bus.replayDeadLetters()).toEqual({ handled: 1, failed: 0, noHandler: 0 });
    expect([ledger.size, await bus.deadLetters.count()]).toEqual([1000, 0]);
  });

  test('no more messages are in hand than asked for, whatever is fetched', async () => {
    const { open } = place({ partitions: 2, maxInFlight: 20, concurrency: 1_000 });
    await using bus = open();
    let [now, most, done] = [0, 0, 0];
    const handle = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now -= 1;
      done += 1;
    };
    bus.subscribe(ALL_EVENTS, handle, { name: 'count' });
    await bus.publish(eventsOf(500, 2));
    await bus.startConsuming();
    await until(() => done === 1_000, 'every event is handled');
    expect(most).toBe(20);
  });

  test('a group begins at the oldest event, or behind the newest; and where it began it goes on, if it handled nothing yet', async () => {
    const { open } = place();
    await using publisher = open();
    const [before, between, after] = [eventOf('a', 1), eventOf('a', 2), eventOf('a', 3)];
    await publisher.publish([before]);
    const latest = { consumerGroup: `${prefix}latest-${randomUUID()}`, fromBeginning: false };
    const consume = async (options: BusOptions): Promise<{ bus: KafkaEventBus; got: DomainEvent[] }> => {
      const [bus, got] = [open(options), [] as DomainEvent[]];
      bus.subscribe(ALL_EVENTS, (event) => void got.push(event), { name: 'count' });
      await bus.startConsuming();
      return { bus, got };
    };
    const oldest = await consume({});
    const newest = await consume(latest);
    await newest.bus.stop();
    await publisher.publish([between]);
    const again = await consume(latest);
    await publisher.publish([after]);
    await until(() => oldest.got.length === 3 && again.got.length === 2, 'both have theirs');
    expect([newest.got, again.got.map(({ version }) => version)]).toEqual([[], [2, 3]]);
    await Promise.all([oldest.bus.stop(), again.bus.stop()]);
  });

  test('the lag is what is between the end of a partition and what is committed, and goes to nothing, behind a transaction too', async () => {
    const recorder = createTelemetryRecorder();
    const { open, topic } = place({ partitions: 2, commitIntervalMs: 10 });
    await using publisher = open({ transactionalId: `${prefix}${randomUUID()}` });
    await using bus = open();
    const gate = Promise.withResolvers<void>();
    bus.subscribe(ALL_EVENTS, () => gate.promise, { name: 'count' });
    await bus.startConsuming();
    await publisher.publish(eventsOf(10, 3));
    const lags = async (): Promise<number[]> =>
      (await recorder.metric('eventsource.consumer.lag')).points.map(({ value }) => Number(value)).filter((value) => value >= 0);
    const sum = async (): Promise<number> => (await lags()).reduce((one, other) => one + other, 0);
    // A transaction ends with a record of its own in each partition.
    await until(async () => (await sum()) >= 30, 'the lag is seen');
    gate.resolve();
    await until(async () => (await sum()) === 0, 'the lag is gone');
    expect(await lags()).toHaveLength(2);
    const large = eventOf('large', 1, { data: { text: 'x'.repeat(1_100_000) } });
    await expect(publisher.publish([...eventsOf(10, 1), large])).rejects.toMatchObject({ code: 'ES_PUBLISH_TOO_LARGE' });
    const ends = async (): Promise<number> => (await admin.fetchTopicOffsets(topic)).reduce((all, { high }) => all + Number(high), 0);
    await until(async () => (await ends()) > 32, 'the end of the transaction is there');
    await until(async () => (await sum()) === 0, 'what nobody reads is no lag');
    recorder.stop();
  });
});
