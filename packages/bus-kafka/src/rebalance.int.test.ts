import { randomUUID } from 'node:crypto';
import { ALL_EVENTS } from '@es/core';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { expect, test } from 'vitest';
import { chunksOf, eventsOf } from './events.fixture.ts';
import { KafkaEventBus, type KafkaEventBusOptions } from './index.ts';
import { Ledger, until } from './ledger.fixture.ts';

describeWithKafka('a group that changes', ({ brokers, prefix }) => {
  const place = (options: Partial<KafkaEventBusOptions> = {}) => {
    const topic = `${prefix}${randomUUID()}`;
    const open = (): KafkaEventBus =>
      new KafkaEventBus({ brokers, topic, partitions: 6, consumerGroup: `${topic}.group`, sessionTimeoutMs: 6_000, ...options } as KafkaEventBusOptions);
    return { topic, open };
  };

  test('a storm of three members that join and leave: nothing is lost, repeated, handled twice at a time or out of order', async () => {
    const { open } = place();
    const ledger = new Ledger();
    const join = async (): Promise<KafkaEventBus> => {
      const bus = open();
      bus.subscribe(ALL_EVENTS, ledger.handler(({ version }) => version % 7), { name: 'count' });
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
});
