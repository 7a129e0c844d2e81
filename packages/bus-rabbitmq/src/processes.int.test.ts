import { startChild } from '@es-internal/services/child';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { expect, test, vi } from 'vitest';
import { consume, newPlace, openBus } from './bus.fixture.ts';

describeWithRabbitMQ('processes that are killed, and one that is not', ({ url }) => {
  test('a consumer that is killed in the middle of its work: another one goes on where it was', async () => {
    const place = newPlace(url);
    const child = startChild(new URL('./consumer-process.fixture.ts', import.meta.url), place);
    await vi.waitFor(() => expect(child.lines).toContain('ready'), { timeout: 20_000 });
    const ledger = new Ledger();
    await using bus = await consume(place, ledger.handler());
    const events = eventsOf(20, 40);
    await bus.publish(events);
    await vi.waitFor(() => expect(child.lines.length).toBeGreaterThan(200), { timeout: 20_000 });
    child.process.kill('SIGKILL');
    await child.ended;
    const handledThere = new Set(child.lines);
    await vi.waitFor(() => expect(events.filter((event) => !ledger.has([event]) && !handledThere.has(event.id))).toEqual([]), {
      timeout: 20_000,
    });
    expect(ledger.repeats).toBe(0);
    expect(events.filter((event) => ledger.has([event]) && handledThere.has(event.id)).length).toBeLessThan(200);
  });

  test('a publisher that is killed in the middle of its work: what was confirmed is there, in order', async () => {
    const place = newPlace(url);
    const ledger = new Ledger();
    await using _bus = await consume(place, ledger.handler());
    const child = startChild(new URL('./publisher-process.fixture.ts', import.meta.url), place);
    await vi.waitFor(() => expect(child.lines.length).toBeGreaterThan(300), { timeout: 20_000 });
    child.process.kill('SIGKILL');
    await child.ended;
    await vi.waitFor(() => expect(child.lines.filter((id) => !ledger.has([{ id }]))).toEqual([]), { timeout: 20_000 });
    ledger.assertInOrder();
  });

  test('an event that kills whoever handles it is a dead letter by the broker, which can be read, replayed and removed', async () => {
    const place = newPlace(url, { partitions: 1, deliveryLimit: 2, prefetch: 1 });
    // Makes the queues, so that the event has somewhere to wait.
    await (await consume(place, () => undefined)).stop();
    const [poison, good] = [eventOf('counter', 1, { type: 'Poison' }), eventOf('counter', 2)];
    await using publisher = openBus(place);
    await publisher.publish([poison, good]);
    for (let crash = 0; crash < 3; crash += 1) await startChild(new URL('./consumer-process.fixture.ts', import.meta.url), place).ended;
    const child = startChild(new URL('./consumer-process.fixture.ts', import.meta.url), place);
    await vi.waitFor(() => expect(child.lines).toContain(good.id), { timeout: 20_000 });
    child.process.kill('SIGKILL');
    await child.ended;
    await vi.waitFor(async () => expect(await publisher.deadLetters.count()).toBe(1), { timeout: 10_000 });
    const [letter] = await publisher.deadLetters.list();
    expect(letter).toMatchObject({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/),
      source: place.consumerGroup,
      destination: place.exchange,
      reason: 'delivery-limit',
      content: { kind: 'event', event: poison },
      attempts: 3,
    });
    expect(Date.parse(letter?.firstFailedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(await publisher.deadLetters.get(letter?.id ?? '')).toEqual(letter);
    const ledger = new Ledger();
    await using bus = await consume(place, ledger.handler());
    expect(await bus.replayDeadLetters()).toEqual({ handled: 1, failed: 0, noHandler: 0 });
    expect([ledger.has([poison]), await bus.deadLetters.count()]).toEqual([true, 0]);
  });

  test('a process that has stopped its bus ends by itself', async () => {
    const child = startChild(new URL('./round-trip-process.fixture.ts', import.meta.url), newPlace(url));
    expect(await child.ended).toEqual({ code: 0, errors: '' });
    expect(child.lines).toEqual(['stopped']);
  });
});
