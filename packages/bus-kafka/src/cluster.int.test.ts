import { setTimeout as delay } from 'node:timers/promises';
import { ALL_EVENTS, type DomainEvent } from '@es/core';
import { eventOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { type PrivateKafka, startPrivateKafka } from '@es-internal/services/private-kafka';
import { until } from '@es-internal/services/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBus } from './bus.fixture.ts';
import type { KafkaEventBus } from './index.ts';

describe('a cluster whose nodes go and come', () => {
  let kafka: PrivateKafka;
  beforeAll(async () => {
    const copies = { 'offsets.topic.replication.factor': '3', 'group.min.session.timeout.ms': '500', 'min.insync.replicas': '2' };
    kafka = await startPrivateKafka({ nodes: 3, settings: copies });
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  test('leaders and coordinators move: events are published and handled all the time, and none is lost', async () => {
    const open = (): KafkaEventBus =>
      openBus({
        brokers: kafka.brokers,
        topic: 'counters',
        consumerGroup: 'group',
        replicationFactor: 3,
        partitions: 6,
        sessionTimeoutMs: 2_000,
      });
    const [publisher, one, two] = [open(), open(), open()];
    const ledger = new Ledger();
    for (const bus of [one, two]) {
      bus.subscribe(
        ALL_EVENTS,
        ledger.handler(() => 1),
        { name: 'count' },
      );
      await bus.startConsuming();
    }
    const events: DomainEvent[] = [];
    let isOver = false;
    let pauseMs = 40;
    const publishing = (async () => {
      for (let version = 1; !isOver; version += 1) {
        const next = Array.from({ length: 30 }, (_, index) => eventOf(`counter-${index}`, version));
        await publisher.publish(next);
        events.push(...next);
        await delay(pauseMs);
      }
    })();
    const goOn = async (): Promise<void> => {
      const before = ledger.size;
      await until(() => ledger.size > before + 300, 'events are handled');
    };
    const [, node] = kafka.nodes;
    await goOn();
    // Now that as many requests as possible are on their way to several leaders at once.
    pauseMs = 0;
    await goOn();
    await node?.kill();
    pauseMs = 40;
    await goOn();
    await node?.start();
    await goOn();
    isOver = true;
    await publishing;
    await until(() => ledger.size === events.length, 'every event is handled');
    await Promise.all([publisher, one, two].map((bus) => bus.stop()));
    ledger.assertComplete(events);
    expect(ledger.repeats).toBeLessThan(events.length);
  }, 180_000);
});
