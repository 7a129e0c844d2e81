import { randomUUID } from 'node:crypto';
import { ALL_EVENTS } from '@es/core';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { expect, test } from 'vitest';
import { openBus } from './bus.fixture.ts';
import { chunksOf, eventsOf } from './events.fixture.ts';
import type { KafkaEventBus } from './index.ts';
import { Ledger, until } from './ledger.fixture.ts';

describeWithKafka('a group that changes', ({ brokers, prefix }) => {
  const place = (): (() => KafkaEventBus) => {
    const topic = `${prefix}${randomUUID()}`;
    return () => openBus({ brokers, topic, partitions: 6, consumerGroup: `${topic}.group` });
  };

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
    const open = place();
    const [ledger, began, go] = [new Ledger(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await using one = open();
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
    // Longer than it takes the first one to learn of the second.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect([hasJoined, ledger.size]).toEqual([false, 0]);
    go.resolve();
    await joining;
    await until(() => ledger.has(events), 'every event is handled');
    ledger.assertComplete(events);
    expect(ledger.repeats).toBe(0);
  });
});
