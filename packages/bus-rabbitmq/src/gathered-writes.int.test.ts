import type { Duplex } from 'node:stream';
import { eventsOf } from '@es-internal/services/events';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { connect } from 'amqplib';
import { expect, test, vi } from 'vitest';
import type { AmqpConnection } from './amqp-driver.ts';
import { newPlace, silent } from './bus.fixture.ts';
import { RabbitMQEventBus } from './index.ts';

/** A connection, and how often its socket has written since. */
const connectCounting = async (url: string, hidesSocket: boolean) => {
  const connection = await connect(url);
  const { stream } = connection.connection as unknown as { readonly stream: Duplex & Required<Pick<Duplex, '_writev'>> };
  const writes = [vi.spyOn(stream, '_write'), vi.spyOn(stream, '_writev')];
  const shown: AmqpConnection = hidesSocket ? new Proxy(connection, { get: (target, key) => hidden(target, key) }) : connection;
  return { connection: shown, written: () => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0) };
};

const hidden = (target: object, key: string | symbol): unknown => {
  if (key === 'connection') return undefined;
  const value: unknown = Reflect.get(target, key, target);
  return typeof value === 'function' ? value.bind(target) : value;
};

describeWithRabbitMQ('what is published in one turn', (broker) => {
  const publishing = async (events: ReturnType<typeof eventsOf>, hidesSocket: boolean): Promise<number> => {
    const { exchange } = newPlace('');
    const made: Awaited<ReturnType<typeof connectCounting>>[] = [];
    const bus = new RabbitMQEventBus({
      exchange,
      unroutable: 'accept',
      logger: silent,
      connect: async () => {
        const one = await connectCounting(broker.url, hidesSocket);
        made.push(one);
        return one.connection;
      },
    });
    await bus.publish(events.slice(0, 1));
    const before = made[0]?.written() ?? 0;
    await Promise.all(events.map((event) => bus.publish([event])));
    expect(made).toHaveLength(1);
    const writes = (made[0]?.written() ?? 0) - before;
    await bus.stop();
    return writes;
  };

  test('is written at once, and one by one only where the socket is out of reach', async () => {
    const events = eventsOf(10, 10);
    expect(await publishing(events, false)).toBeLessThan(events.length / 4);
    expect(await publishing(events, true)).toBeGreaterThan(events.length / 4);
  });
});
