import { getLogger } from '@es/otel';
import { KafkaEventBus, type KafkaEventBusOptions } from './index.ts';

/** Options of a bus, all of them optional. */
export type BusOptions = Partial<Extract<KafkaEventBusOptions, { readonly brokers: readonly string[] }>>;

/** What tests of faults are about need not be read in their output. */
const silent = getLogger('eventsource.bus.kafka.tests');
silent.setLevel('silent');

/** A bus that soon tries again what failed, and gives up its session soon. */
export function openBus(options: BusOptions & { readonly brokers: readonly string[] }): KafkaEventBus {
  return new KafkaEventBus({
    partitions: 3,
    sessionTimeoutMs: 6_000,
    reconnect: { initialDelayMs: 50, maxDelayMs: 500 },
    logger: silent,
    ...options,
  });
}
