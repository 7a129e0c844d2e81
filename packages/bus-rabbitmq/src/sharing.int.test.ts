import { setTimeout as delay } from 'node:timers/promises';
import type { DomainEvent } from '@es/core';
import { createTelemetryRecorder } from '@es/testing';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { afterAll, expect, test, vi } from 'vitest';
import { consume, newPlace, openBus } from './bus.fixture.ts';
import { type RabbitMQEventBus, rabbitMQUnorderedEventBusCapabilities } from './index.ts';

describeWithRabbitMQ('several consumers of a group', ({ url }) => {
  const recorder = createTelemetryRecorder();
  afterAll(() => recorder.stop());
  const sumOf = async (metric: string, group: string): Promise<number> => {
    const { points } = await recorder.metric(metric);
    const ofGroup = points.filter(({ attributes }) => attributes['messaging.consumer.group.name'] === group);
    return ofGroup.reduce((sum, { value }) => sum + value, 0);
  };
  const rebalances = (group: string): Promise<number> => sumOf('eventsource.rebalances', group);

  test('each come to have their share, all events are handled once, and in order', async () => {
    const place = newPlace(url, { partitions: 6, consumerGroup: 'sharing' });
    const ledger = new Ledger();
    const counts = [0, 0, 0];
    const join = (index: number): Promise<RabbitMQEventBus> =>
      consume(
        place,
        ledger.handler(() => {
          counts[index] = (counts[index] ?? 0) + 1;
        }),
      );
    await using first = await join(0);
    await using _second = await join(1);
    await using _third = await join(2);
    const events: ReturnType<typeof eventOf>[] = [];
    const publishRound = async (version: number): Promise<void> => {
      const round = Array.from({ length: 60 }, (_, index) => eventOf(`counter-${index}`, version));
      events.push(...round);
      await first.publish(round);
    };
    for (let version = 1; counts.some((count) => count < 100); version += 1) await publishRound(version);
    await ledger.untilComplete(events);
    expect(ledger.repeats).toBe(0);
    expect(await rebalances('sharing')).toBeGreaterThan(6);
  });

  test('without an ordering an event may overtake another of its aggregate by way of another consumer', async () => {
    expect(rabbitMQUnorderedEventBusCapabilities.orderedGroups).not.toBe(true);
    const place = newPlace(url, { ordering: 'none', prefetch: 1, consumerGroup: 'unordered' });
    const go = Promise.withResolvers<void>();
    const done: number[] = [];
    const handler = async ({ version }: DomainEvent): Promise<void> => {
      if (version === 1) await go.promise;
      done.push(version);
    };
    await using one = await consume(place, handler);
    await using _other = await consume(place, handler);
    await one.publish([eventOf('counter', 1), eventOf('counter', 2)]);
    await vi.waitFor(() => expect(done).toEqual([2]), 20_000);
    go.resolve();
    await vi.waitFor(() => expect(done).toEqual([2, 1]), 20_000);
  });

  test('a queue changes hands only after what was begun on it is done, and nothing is handled twice', async () => {
    const place = newPlace(url, { partitions: 2, concurrency: 50, consumerGroup: 'changing hands' });
    const ledger = new Ledger();
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const others = new Ledger();
    const events = eventsOf(20, 3);
    await using one = await consume(
      place,
      ledger.handler(async () => {
        begun.resolve();
        await go.promise;
      }),
    );
    await one.publish(events);
    await begun.promise;
    await using _two = await consume(place, (event) => {
      ledger.note(event);
      others.note(event);
    });
    // The first one has taken over two queues, and begun to give one of them up.
    await vi.waitFor(async () => expect(await rebalances('changing hands')).toBe(3), { timeout: 10_000 });
    expect([ledger.size, others.size]).toEqual([0, 0]);
    go.resolve();
    await ledger.untilComplete(events);
    expect(ledger.repeats).toBe(0);
    const more = eventsOf(20, 6).filter(({ version }) => version > 3);
    await one.publish(more);
    await ledger.untilComplete([...events, ...more]);
    expect(others.size).toBeGreaterThan(0);
  });

  test('a handler that stops its bus has its event acknowledged', async () => {
    const place = newPlace(url, { consumerGroup: 'stopping' });
    const [first, second] = eventsOf(1, 2);
    if (first === undefined || second === undefined) throw new Error('there are two events');
    const stopped = Promise.withResolvers<unknown>();
    const one: RabbitMQEventBus = await consume(place, () => stopped.resolve(one.stop()));
    await one.publish([first]);
    expect(await stopped.promise).toEqual({ unfinished: 0 });
    const seen: string[] = [];
    await using two = await consume(place, ({ id }) => void seen.push(id));
    await two.publish([second]);
    await vi.waitFor(() => expect(seen).toContain(second.id), { timeout: 10_000 });
    expect(seen).toEqual([second.id]);
  });

  test('a storm of consumers that join and leave loses nothing, repeats nothing, and keeps order', async () => {
    const place = newPlace(url, { partitions: 4 });
    const ledger = new Ledger();
    const join = (): Promise<RabbitMQEventBus> =>
      consume(
        place,
        ledger.handler(({ version }) => delay(version % 5)),
      );
    const members = [await join()];
    await using publisher = openBus(place);
    const events = eventsOf(30, 40);
    const publishing = (async () => {
      for (let from = 0; from < events.length; from += 60) {
        await publisher.publish(events.slice(from, from + 60));
        await delay(50);
      }
    })();
    for (let round = 0; round < 4; round += 1) {
      members.push(...(await Promise.all([join(), join()])));
      await Promise.all(members.splice(0, 2).map((bus) => bus.stop()));
    }
    await publishing;
    await ledger.untilComplete(events);
    await Promise.all(members.map((bus) => bus.stop()));
    expect(ledger.repeats).toBe(0);
  });

  test('each tells how far the queues are behind that it has: together that is all there is', async () => {
    const place = newPlace(url, { partitions: 4, prefetch: 5, consumerGroup: 'behind' });
    const go = Promise.withResolvers<void>();
    const ledger = new Ledger();
    const join = (): Promise<RabbitMQEventBus> =>
      consume(
        place,
        ledger.handler(() => go.promise),
      );
    await using one = await join();
    await using _two = await join();
    const events = eventsOf(40, 5);
    await one.publish(events);
    const lag = (): Promise<number> => sumOf('eventsource.consumer.lag', 'behind');
    await vi.waitFor(async () => expect(await lag()).toBe(events.length), { timeout: 10_000 });
    go.resolve();
    await ledger.untilComplete(events);
    await vi.waitFor(async () => expect(await lag()).toBe(0), { timeout: 10_000 });
  });
});
