import { configureLogging, getLogger, type LogRecord } from '@es/otel';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { describeWithPrivateRabbitMQ } from '@es-internal/services/vitest/use-private-rabbitmq';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type BusOptions, consume, newPlace } from './bus.fixture.ts';

/** The broker looks at what is in hand at each tick. */
const impatient = { settings: { consumer_timeout: '500' }, advanced: { channel_tick_interval: 100 } };
const patience = { timeout: 30_000, interval: 10 };

for (const { name, ...version } of [{ name: 'the machine’s RabbitMQ' }, { name: 'RabbitMQ 4', version: '4.0' }] as const) {
  await describeWithPrivateRabbitMQ(`handlers slower than consumer_timeout on ${name}`, { ...impatient, ...version }, (broker) => {
    const log: LogRecord[] = [];
    const logger = getLogger('eventsource.bus.rabbitmq.timeouts');
    beforeAll(() => {
      configureLogging({ destination: { write: (record) => log.push(record) } });
      logger.setLevel('warn');
    });
    afterEach(() => {
      log.length = 0;
    });
    const aPlace = (options?: BusOptions): ReturnType<typeof newPlace> => newPlace(broker().url, { logger, ...options });
    const timeouts = (): LogRecord[] => log.filter(({ message }) => message?.includes('raise consumer_timeout'));
    const untilTimeouts = (count: number): Promise<void> =>
      vi.waitFor(() => expect(timeouts().length).toBeGreaterThanOrEqual(count), patience);
    /** Whoever comes next is given nothing but what is published then: all that came before is acknowledged. */
    const expectNothingLeft = async (place: ReturnType<typeof newPlace>): Promise<void> => {
      const ledger = new Ledger();
      await using bus = await consume(place, ledger.handler());
      const events = eventsOf(8, 1);
      await bus.publish(events);
      await ledger.untilComplete(events);
    };

    test('one event is handled once and acknowledged in the end; others go on meanwhile, and the log says what to do', async () => {
      const place = aPlace();
      const go = Promise.withResolvers<void>();
      const ledger = new Ledger();
      const events = eventsOf(8, 3);
      const [slow] = events;
      await using bus = await consume(
        place,
        ledger.handler(({ id }) => (id === slow?.id ? go.promise : undefined)),
      );
      await bus.publish(events);
      await untilTimeouts(2);
      const others = events.filter(({ aggregateId }) => aggregateId !== slow?.aggregateId);
      expect(ledger.has(others)).toBe(true);
      expect(timeouts()).toMatchObject([
        { fields: { queue: `${place.exchange}.readers.0`, event_id: slow?.id, event_type: 'Counted' } },
        { fields: { err: { code: 406 } } },
      ]);
      go.resolve();
      // What comes behind it in its queue is handled after it has come again.
      const last = eventOf('counter-0', 4);
      await bus.publish([last]);
      await ledger.untilComplete([...events, last]);
      expect([ledger.repeats, await bus.deadLetters.count()]).toEqual([0, 0]);
      await bus.stop();
      await expectNothingLeft(place);
    });

    test('every event of an aggregate is handled once, in order', async () => {
      const place = aPlace({ deliveryLimit: 5 });
      const ledger = new Ledger();
      await using bus = await consume(
        place,
        ledger.handler(({ version }) => (version <= 4 ? untilTimeouts(timeouts().length + 1) : undefined)),
      );
      const events = eventsOf(1, 5);
      await bus.publish(events);
      await ledger.untilComplete(events);
      expect([ledger.repeats, await bus.deadLetters.count()]).toEqual([0, 0]);
      await bus.stop();
      await expectNothingLeft(place);
    });

    test('an event whose handler never ends becomes a dead letter by the delivery limit, and so does what was in hand behind it', async () => {
      const place = aPlace({ deliveryLimit: 2 });
      const end = Promise.withResolvers<void>();
      const calls: string[] = [];
      const ledger = new Ledger();
      await using bus = await consume(
        place,
        ledger.handler(({ type, id }) => {
          if (type !== 'Endless') return;
          calls.push(id);
          return end.promise;
        }),
      );
      const endless = eventOf('endless', 1, { type: 'Endless' });
      const behind = eventOf('endless', 2);
      await bus.publish([endless, behind]);
      await vi.waitFor(async () => expect(await bus.deadLetters.count()).toBe(2), patience);
      const letters = await bus.deadLetters.list();
      expect(letters.map(({ reason }) => reason)).toEqual(['delivery-limit', 'delivery-limit']);
      const dead = letters.map(({ content }) => (content.kind === 'event' ? content.event.id : undefined));
      expect(new Set(dead)).toEqual(new Set([endless.id, behind.id]));
      await untilTimeouts(3);
      expect([calls, timeouts().length]).toEqual([[endless.id], 3]);
      const events = eventsOf(8, 2);
      await bus.publish(events);
      await vi.waitFor(() => expect(ledger.has(events)).toBe(true), patience);
      end.resolve();
      await vi.waitFor(() => expect(ledger.has([endless])).toBe(true), patience);
      ledger.assertInOrder();
    });

    test('another process of the group goes on with the aggregate, from the event that is still at work elsewhere', async () => {
      const place = aPlace({ partitions: 1 });
      const go = Promise.withResolvers<void>();
      const ledger = new Ledger();
      let begun = 0;
      const handler = async (event: ReturnType<typeof eventOf>): Promise<void> => {
        begun += 1;
        if (begun === 1) await go.promise;
        ledger.note(event);
      };
      await using one = await consume(place, handler);
      await using other = await consume(place, handler);
      const events = eventsOf(1, 4);
      await one.publish(events);
      await ledger.untilComplete(events);
      go.resolve();
      await vi.waitFor(() => expect(ledger.repeats).toBe(1), patience);
      ledger.assertInOrder();
      await Promise.all([one.stop(), other.stop()]);
      await expectNothingLeft(place);
    });
  });
}
