import { ALL_EVENTS } from '@es/core';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { describeWithPrivateRabbitMQ } from '@es-internal/services/vitest/use-private-rabbitmq';
import { connect } from 'amqplib';
import { expect, test, vi } from 'vitest';
import { consume, newPlace, openBus } from './bus.fixture.ts';

await describeWithPrivateRabbitMQ('the main cases on RabbitMQ 4', { version: '4.0' }, (broker) => {
  test('it is that version', async () => {
    const connection = await connect(broker().url);
    expect(connection.connection.serverProperties['version']).toMatch(/^4\./);
    await connection.close();
  });

  test('events are handled once and in order by a group that changes', async () => {
    const ledger = new Ledger();
    const place = newPlace(broker().url, { partitions: 4 });
    const events = eventsOf(30, 30);
    const one = await consume(place, ledger.handler());
    await one.publish(events.slice(0, 300));
    const two = await consume(place, ledger.handler());
    await two.publish(events.slice(300, 600));
    await one.stop();
    await two.publish(events.slice(600));
    await ledger.untilComplete(events);
    await two.stop();
    expect(ledger.repeats).toBe(0);
  });

  test('killed and started again while events are published and consumed: none is lost, and order holds', async () => {
    const ledger = new Ledger();
    const place = newPlace(broker().url, { deliveryLimit: 1_000 });
    await using bus = await consume(place, ledger.handler());
    for (const partition of [0, 1]) await broker().untilNoted(`${place.exchange}.readers.${partition}`);
    const events = eventsOf(20, 50);
    const publishing = (async () => {
      for (let from = 0; from < events.length; from += 40) await bus.publish(events.slice(from, from + 40));
    })();
    await vi.waitFor(() => expect(ledger.size).toBeGreaterThan(events.length / 4), { timeout: 20_000, interval: 5 });
    await broker().kill();
    await broker().start();
    await publishing;
    await ledger.untilComplete(events);
  });

  test('an event that no queue would get, and one that is too large by default, are refused', async () => {
    const place = newPlace(broker().url);
    await using publisher = openBus(place);
    await expect(publisher.publish([eventOf('nobody', 1)])).rejects.toMatchObject({ code: 'ES_PUBLISH_UNROUTABLE' });
    await using bus = await consume(place, () => undefined);
    const large = eventOf('large', 1, { data: 'x'.repeat(17 * 1024 * 1024) });
    await expect(bus.publish([large])).rejects.toMatchObject({ code: 'ES_PUBLISH_TOO_LARGE' });
  });

  test('dead letters are looked at more often than the broker delivers anything by default, then replayed and purged', async () => {
    await using bus = openBus({ ...newPlace(broker().url), retry: { maxAttempts: 2, initialDelayMs: 1 } });
    let isCured = false;
    const handle = (): void => {
      if (!isCured) throw new Error('poison');
    };
    bus.subscribe(ALL_EVENTS, handle, { name: 'count' });
    await bus.startConsuming();
    await bus.publish([eventOf('a', 1), eventOf('b', 1), eventOf('c', 1)]);
    for (let look = 0; look < 25; look += 1) await vi.waitFor(async () => expect(await bus.deadLetters.count()).toBe(3));
    isCured = true;
    const [letter] = await bus.deadLetters.list();
    expect(await bus.replayDeadLetter(letter?.id ?? '')).toEqual({ status: 'handled' });
    expect([await bus.deadLetters.purge(), await bus.deadLetters.count()]).toEqual([2, 0]);
  });
});
