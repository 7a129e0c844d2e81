import { setTimeout as delay } from 'node:timers/promises';
import { ALL_EVENTS } from '@es/core';
import { createTelemetryRecorder } from '@es/testing';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { until } from '@es-internal/services/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chunksOf } from './chunks.fixture.ts';
import type { KafkaEventBus } from './index.ts';
import { confluentFolder } from './location.fixture.ts';
import { type BrokerBehindProxy, startBrokerBehindProxy } from './private-kafka.fixture.ts';

/** The keys of the requests that tests look at, as the protocol numbers them. */
const produceRequest = 0;

describe('a broker and a network that fail', () => {
  let broker: BrokerBehindProxy;
  beforeAll(async () => {
    broker = await startBrokerBehindProxy();
  });
  afterAll(() => broker[Symbol.asyncDispose]());

  /** Publishes as an application would: what is not confirmed is published again. */
  const publishAll = async (bus: KafkaEventBus, events: ReturnType<typeof eventsOf>, pauseMs: number): Promise<void> => {
    for (const chunk of chunksOf(events, 50)) {
      await bus.publish(chunk);
      await delay(pauseMs);
    }
  };

  test('connections that are cut again and again: nothing is lost, order is kept, reconnections are counted', async () => {
    const recorder = createTelemetryRecorder();
    const open = broker.place();
    const ledger = new Ledger();
    const [publisher, consumer] = [open(), open()];
    consumer.subscribe(
      ALL_EVENTS,
      ledger.handler(() => 1),
      { name: 'count' },
    );
    await consumer.startConsuming();
    const events = eventsOf(30, 40);
    const cutting = new AbortController();
    const { signal } = cutting;
    const cuts = (async () => {
      for (let handled = -1; !signal.aborted; handled = ledger.size) {
        await delay(150, undefined, { signal });
        // Whatever the time between two cuts: on a slow machine nobody would ever get through.
        await until(() => signal.aborted || ledger.size > handled, 'something more is handled');
        broker.proxy.cut();
      }
    })().catch(() => undefined);
    try {
      await publishAll(publisher, events, 30);
      await until(() => ledger.has(events), 'every event is handled', 50_000);
    } finally {
      cutting.abort();
      await cuts;
    }
    await until(async () => (await recorder.total('eventsource.reconnections')) > 0, 'a reconnection is counted');
    await Promise.all([publisher.stop(), consumer.stop()]);
    recorder.stop();
    ledger.assertComplete(events);
  });

  test('an answer that is lost, twice: the events are sent again, and the broker knows them for the same', async () => {
    const open = broker.place();
    await using bus = open();
    const ledger = new Ledger();
    await bus.publish([eventOf('a', 1)]);
    let isProducing = false;
    let lost = 0;
    broker.proxy.onRequest = (request) => {
      isProducing ||= lost < 2 && request.readInt16BE(4) === produceRequest;
    };
    broker.proxy.swallow = () => {
      if (!isProducing) return false;
      isProducing = false;
      lost += 1;
      return true;
    };
    const events = [eventOf('a', 2), eventOf('a', 3)];
    await bus.publish(events);
    expect(lost).toBe(2);
    broker.proxy.swallow = () => false;
    bus.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
    await bus.startConsuming();
    await bus.publish([eventOf('a', 4)]);
    await until(() => ledger.size === 4, 'every event is handled');
    expect(ledger.repeats).toBe(0);
    ledger.assertInOrder();
  });

  test('a broker that is killed while events are published and consumed, and comes back', async () => {
    const open = broker.place();
    const ledger = new Ledger();
    const [publisher, one, two] = [open(), open(), open()];
    for (const bus of [one, two]) {
      bus.subscribe(
        ALL_EVENTS,
        ledger.handler(() => 2),
        { name: 'count' },
      );
      await bus.startConsuming();
    }
    const events = eventsOf(30, 60);
    const publishing = publishAll(publisher, events, 20);
    await until(() => ledger.size > 300, 'much is handled');
    await broker.kafka.kill();
    await until(() => broker.proxy.connections === 0, 'everyone has lost the broker');
    await broker.kafka.start();
    await publishing;
    await until(() => ledger.has(events), 'every event is handled', 50_000);
    await Promise.all([publisher, one, two].map((bus) => bus.stop()));
    ledger.assertComplete(events);
  });

  test('a broker that does not answer: the publish fails at its deadline and says which events; the next one gets through', async () => {
    const open = broker.place();
    await using patient = open();
    // A broker that has just started takes its time with its first producers, and librdkafka with asking again.
    await patient.publish([eventOf('a', 1)]);
    await using bus = open({ publishTimeoutMs: confluentFolder === undefined ? 500 : 3_000 });
    await bus.publish([eventOf('a', 1)]);
    broker.proxy.stall();
    const event = eventOf('a', 2);
    await expect(bus.publish([event])).rejects.toMatchObject({
      code: 'ES_PUBLISH_UNCONFIRMED',
      unconfirmed: [{ id: event.id, type: 'Counted', aggregateType: 'Counter', aggregateId: 'a' }],
    });
    broker.proxy.resume();
    await until(
      () =>
        bus.publish([eventOf('a', 3)]).then(
          () => true,
          () => false,
        ),
      'a publish gets through',
    );
  });

  test('a broker that is not there: consuming can’t begin, says so, and begins when it is there', async () => {
    await using bus = broker.place()();
    broker.proxy.refuse();
    broker.proxy.cut();
    await expect(bus.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_UNAVAILABLE',
      message: expect.stringContaining(broker.kafka.brokers[0] ?? ''),
    });
    await broker.proxy.accept();
    const ledger = new Ledger();
    bus.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
    await bus.startConsuming();
    await bus.publish([eventOf('a', 1)]);
    await until(() => ledger.size === 1, 'the event is handled');
  });

  test('a bus can be stopped while its broker is away', async () => {
    const bus = broker.place()();
    bus.subscribe(ALL_EVENTS, () => undefined, { name: 'count' });
    await bus.startConsuming();
    await bus.publish([eventOf('a', 1)]);
    broker.proxy.stall();
    const publishing = expect(bus.publish([eventOf('a', 2)])).rejects.toMatchObject({ code: 'ES_PUBLISH_UNCONFIRMED' });
    expect(await bus.stop({ deadlineMs: 100 })).toEqual({ unfinished: 0 });
    await publishing;
    broker.proxy.resume();
  });

  test('a handler that takes longer than a session lasts keeps its message, and nobody else gets it', async () => {
    // librdkafka looks about once a second if a sign of life is due.
    const sessionTimeoutMs = confluentFolder === undefined ? 600 : 2_500;
    const open = broker.place({ sessionTimeoutMs, partitions: 1 });
    const ledger = new Ledger();
    await using one = open();
    await using two = open();
    const slow = eventOf('slow', 1);
    for (const bus of [one, two]) {
      bus.subscribe(
        ALL_EVENTS,
        ledger.handler(({ id }) => (id === slow.id ? 4 * sessionTimeoutMs : 0)),
        { name: 'count' },
      );
      await bus.startConsuming();
    }
    const events = [slow, ...eventsOf(10, 5)];
    await one.publish(events);
    await until(() => ledger.size === events.length - 1, 'all others are handled meanwhile');
    await until(() => ledger.has(events), 'every event is handled');
    ledger.assertComplete(events);
    expect(ledger.repeats).toBe(0);
  });
});
