import { randomUUID } from 'node:crypto';
import { ALL_EVENTS } from '@es/core';
import { eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { until } from '@es-internal/services/until';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BusOptions, openBus } from './bus.fixture.ts';
import { chunksOf } from './chunks.fixture.ts';
import type { KafkaEventBus } from './index.ts';
import { confluentFolder } from './location.fixture.ts';
import { silent } from './silent-logger.fixture.ts';

describeWithKafka('a group that changes', ({ brokers, prefix }) => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  const place = (topic = `${prefix}${randomUUID()}`): ((options?: BusOptions) => KafkaEventBus) => {
    return (options) => openBus({ brokers, topic, partitions: 6, consumerGroup: `${topic}.group`, ...options });
  };
  const stateOf = async (topic: string): Promise<string | undefined> => (await admin.describeGroups([`${topic}.group`])).groups[0]?.state;

  test('a storm of three members that join and leave: nothing is lost, repeated, handled twice at a time or out of order', async () => {
    const open = place();
    const ledger = new Ledger();
    const join = async (): Promise<KafkaEventBus> => {
      const bus = open();
      bus.subscribe(
        ALL_EVENTS,
        ledger.handler(({ version }) => version % 7),
        { name: 'count' },
      );
      await bus.startConsuming();
      return bus;
    };
    await using publisher = open();
    const events = eventsOf(40, 60);
    const publishing = (async () => {
      for (const chunk of chunksOf(events, 40)) {
        await publisher.publish(chunk);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    })();
    const members = [await join()];
    for (let round = 0; round < 4; round += 1) {
      members.push(...(await Promise.all([join(), join()])));
      const leaving = members.splice(0, 2);
      await Promise.all(leaving.map((bus) => bus.stop()));
    }
    await publishing;
    await until(() => ledger.has(events), 'every event is handled');
    await Promise.all(members.map((bus) => bus.stop()));
    ledger.assertComplete(events);
    expect(ledger.repeats).toBe(0);
  });

  test('a member is given a partition only after the one that had it has finished what it had begun', async () => {
    const topic = `${prefix}${randomUUID()}`;
    const open = place(topic);
    const [ledger, began, go] = [new Ledger(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let hasHeard = false;
    const heard = (_: object | string, message?: string): void => {
      hasHeard ||= message?.includes('re-joining') === true;
    };
    await using one = open({ logger: { ...silent, debug: heard } });
    await using two = open();
    const events = eventsOf(12, 4);
    one.subscribe(
      ALL_EVENTS,
      async (event) => {
        if (ledger.size === 0) began.resolve();
        await go.promise;
        ledger.note(event);
      },
      { name: 'count' },
    );
    await one.startConsuming();
    await one.publish(events);
    await began.promise;
    two.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
    let hasJoined = false;
    const joining = two.startConsuming().then(() => {
      hasJoined = true;
    });
    if (confluentFolder === undefined) await until(() => hasHeard, 'the first one learns of the second');
    await until(async () => (await stateOf(topic)) === 'PreparingRebalance', 'the second asks to join');
    // If it joined now, that would take the coordinator a few questions.
    // librdkafka does not tell when it learns of the second: three signs of life later it has.
    const watchedUntil = performance.now() + (confluentFolder === undefined ? 0 : 3 * 600);
    for (let question = 0; question < 50 || performance.now() < watchedUntil; question += 1)
      expect(await stateOf(topic)).toBe('PreparingRebalance');
    expect([hasJoined, ledger.size]).toEqual([false, 0]);
    go.resolve();
    await joining;
    await until(() => ledger.has(events), 'every event is handled');
    ledger.assertComplete(events);
    expect(ledger.repeats).toBe(0);
  });
});
