import { randomUUID } from 'node:crypto';
import { ALL_EVENTS, type DomainEvent } from '@es/core';
import { getLogger } from '@es/otel';
import { RabbitMQEventBus, type RabbitMQEventBusOptions } from './index.ts';

/** Options of a bus that connects by a URL, all of them optional. */
export type BusOptions = Partial<Extract<RabbitMQEventBusOptions, { readonly url: string }>>;

/** What tests of faults are about need not be read in their output. */
export const silent: ReturnType<typeof getLogger> = getLogger('eventsource.bus.rabbitmq.tests');
silent.setLevel('silent');

/** A place of its own on a broker: the options of all buses that meet there. */
export function newPlace(url: string, options: BusOptions = {}): BusOptions & { readonly url: string; readonly exchange: string } {
  return { url, exchange: `events-${randomUUID().slice(0, 8)}`, consumerGroup: 'readers', partitions: 2, ...options };
}

/** A bus that soon tries again what failed. */
export function openBus(options: BusOptions & { readonly url: string }): RabbitMQEventBus {
  return new RabbitMQEventBus({ reconnect: { initialDelayMs: 50, maxDelayMs: 500 }, rebalanceIntervalMs: 100, logger: silent, ...options });
}

/** A bus that gives all events to a handler. */
export async function consume(
  options: BusOptions & { readonly url: string },
  handler: (event: DomainEvent) => Promise<void> | void,
): Promise<RabbitMQEventBus> {
  const bus = openBus(options);
  bus.subscribe(ALL_EVENTS, handler, { name: 'handler' });
  await bus.startConsuming();
  return bus;
}
