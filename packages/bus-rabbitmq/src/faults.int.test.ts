import { createTelemetryRecorder } from '@es/testing';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { FaultyProxy } from '@es-internal/services/proxy';
import { askManagement } from '@es-internal/services/rabbitmq-management';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { afterAll, expect, test, vi } from 'vitest';
import { consume, newPlace, openBus } from './bus.fixture.ts';

describeWithRabbitMQ('connections that break', ({ url, virtualHost }) => {
  const recorder = createTelemetryRecorder();
  afterAll(() => recorder.stop());
  const reconnections = async (group: string): Promise<number> => {
    const { points } = await recorder.metric('eventsource.reconnections');
    return points
      .filter(({ attributes }) => attributes['messaging.consumer.group.name'] === group)
      .reduce((sum, { value }) => sum + value, 0);
  };

  test('cut again and again while events are published and consumed: none is lost, and order holds', async () => {
    await using proxy = await FaultyProxy.before(url);
    const ledger = new Ledger();
    const place = newPlace(proxy.url, { consumerGroup: 'cut', deliveryLimit: 1_000 });
    await using bus = await consume(place, ledger.handler());
    const events = eventsOf(20, 50);
    const publishing = (async () => {
      for (let from = 0; from < events.length; from += 20) await bus.publish(events.slice(from, from + 20));
    })();
    for (const share of [0.2, 0.4, 0.6]) {
      await vi.waitFor(() => expect(ledger.size).toBeGreaterThan(events.length * share), { timeout: 20_000, interval: 5 });
      proxy.cut();
    }
    await publishing;
    await ledger.untilComplete(events);
    expect(await reconnections('cut')).toBeGreaterThanOrEqual(3);
  });

  test('publishes wait while the broker is away, and are confirmed in order when it is back', async () => {
    await using proxy = await FaultyProxy.before(url);
    const ledger = new Ledger();
    const place = newPlace(proxy.url);
    await using bus = await consume(place, ledger.handler());
    await bus.publish([eventOf('other', 1)]);
    proxy.refuse();
    proxy.cut();
    const events = eventsOf(3, 5);
    const published = Promise.all(events.map((event) => bus.publish([event])));
    await vi.waitFor(() => expect(proxy.connections).toBe(0));
    await proxy.accept();
    await published;
    await vi.waitFor(() => expect(ledger.has(events)).toBe(true), { timeout: 20_000 });
    ledger.assertInOrder();
  });

  test('a publish whose confirmation is lost is sent again, and confirmed', async () => {
    await using proxy = await FaultyProxy.before(url);
    const ledger = new Ledger();
    const place = newPlace(url);
    await using _consumer = await consume(place, ledger.handler());
    await using publisher = openBus({ ...place, url: proxy.url });
    await publisher.publish([eventOf('first', 1)]);
    let swallowed = 0;
    proxy.swallow = () => {
      swallowed += 1;
      return swallowed === 1;
    };
    const event = eventOf('second', 1);
    await publisher.publish([event]);
    expect(swallowed).toBeGreaterThan(1);
    await vi.waitFor(() => expect([ledger.size, ledger.repeats]).toEqual([2, 1]), { timeout: 10_000 });
  });

  test('cut when the channel is full: what was sent is sent again before what had waited for room', async () => {
    await using proxy = await FaultyProxy.before(url);
    const ledger = new Ledger();
    const place = newPlace(url);
    await using _consumer = await consume(place, ledger.handler());
    await using publisher = openBus({ ...place, url: proxy.url });
    await publisher.publish([eventOf('other', 1)]);
    proxy.stall();
    const events = Array.from({ length: 3_000 }, (_, index) => eventOf('counter', index + 1));
    const publishing = Promise.all(events.map((event) => publisher.publish([event])));
    proxy.cut();
    proxy.resume();
    await publishing;
    await vi.waitFor(() => expect(ledger.size).toBe(1 + events.length), { timeout: 20_000 });
    ledger.assertInOrder();
  });

  test('a publish fails by its deadline when the broker is silent, and says which events are not confirmed', async () => {
    await using proxy = await FaultyProxy.before(url);
    await using _consumer = await consume(newPlace(url), () => undefined);
    const place = newPlace(proxy.url, { publishTimeoutMs: 300 });
    const bus = await consume(place, () => undefined);
    await bus.publish([eventOf('counter', 1)]);
    proxy.stall();
    const events = [eventOf('counter', 2), eventOf('counter', 3)];
    await expect(bus.publish(events)).rejects.toMatchObject({
      code: 'ES_PUBLISH_UNCONFIRMED',
      unconfirmed: events.map(({ id }) => expect.objectContaining({ id })),
    });
    proxy.cut();
    proxy.resume();
    await bus.stop();
  });

  test('a bus whose broker is silent can be stopped, and tells what became of its publishes', async () => {
    await using proxy = await FaultyProxy.before(url);
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const bus = await consume(newPlace(proxy.url), () => {
      begun.resolve();
      return go.promise;
    });
    await bus.publish([eventOf('counter', 1)]);
    await begun.promise;
    await bus.deadLetters.count();
    proxy.stall();
    const publishing = bus.publish([eventOf('counter', 2)]).catch((error: unknown) => error);
    expect(await bus.stop({ deadlineMs: 10 })).toEqual({ unfinished: 1 });
    expect(await publishing).toMatchObject({ code: 'ES_PUBLISH_UNCONFIRMED', message: expect.stringContaining('the bus was stopped') });
    go.resolve();
    proxy.cut();
  });

  test('closed by the broker: consuming goes on', async () => {
    const ledger = new Ledger();
    const place = newPlace(url, { consumerGroup: 'closed' });
    await using bus = await consume(place, ledger.handler());
    const [before, after] = [eventsOf(5, 1), eventsOf(5, 2).slice(5)];
    await bus.publish(before);
    await ledger.untilComplete(before);
    // Known to the management API only after some seconds.
    const connections = async (): Promise<string[]> =>
      ((await askManagement(url, 'GET', `vhosts/${virtualHost}/connections`)) as { readonly name: string }[]).map(({ name }) => name);
    await vi.waitFor(async () => expect((await connections()).length).toBeGreaterThanOrEqual(2), { timeout: 20_000, interval: 200 });
    for (const name of await connections())
      await askManagement(url, 'DELETE', `connections/${encodeURIComponent(name)}`).catch(() => undefined);
    await vi.waitFor(async () => expect(await reconnections('closed')).toBeGreaterThan(0), { timeout: 20_000 });
    await bus.publish(after);
    await ledger.untilComplete([...before, ...after]);
  });

  test('a queue that is deleted is made again, and consumed', async () => {
    const ledger = new Ledger();
    const place = newPlace(url, { partitions: 1 });
    await using bus = await consume(place, ledger.handler());
    await bus.publish(eventsOf(1, 1));
    await vi.waitFor(() => expect(ledger.size).toBe(1));
    await askManagement(url, 'DELETE', `queues/${virtualHost}/${place.exchange}.readers.0`);
    const event = eventOf('counter-0', 2);
    // Until the queue is there again, nobody would get the event.
    await vi.waitFor(() => bus.publish([event]), { timeout: 10_000 });
    await vi.waitFor(() => expect(ledger.has([event])).toBe(true), { timeout: 10_000 });
  });

  test('what was delivered over a connection that is lost is let go of: a handler that is at work ends, one that waits is not called', async () => {
    await using proxy = await FaultyProxy.before(url);
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [place, ledger, called] = [newPlace(url, { partitions: 1, concurrency: 1 }), new Ledger(), new Ledger()];
    const events = eventsOf(2, 1);
    const first = await consume({ ...place, url: proxy.url }, async (event) => {
      called.note(event);
      begun.resolve();
      await go.promise;
    });
    await first.publish(events);
    await begun.promise;
    await using _second = await consume(place, ledger.handler());
    proxy.refuse();
    proxy.cut();
    await ledger.untilComplete(events);
    go.resolve();
    expect(await first.stop()).toEqual({ unfinished: 0 });
    expect([called.size, called.repeats, ledger.repeats]).toEqual([1, 0, 0]);
  });
});
