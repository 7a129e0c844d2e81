import { getLogger } from '@es/otel';
import { KafkaEventBus, type KafkaEventBusOptions } from './index.ts';
import { locationOf } from './location.fixture.ts';

/** Options of a bus, all of them optional. */
export type BusOptions = Partial<Extract<KafkaEventBusOptions, { readonly brokers: readonly string[] }>>;

/** What tests of faults are about need not be read in their output. */
const silent = getLogger('eventsource.bus.kafka.tests');
silent.setLevel('silent');

/** A bus that soon tries again what failed, and gives up its session soon. */
export function openBus({ brokers, ssl, sasl, ...options }: BusOptions & { readonly brokers: readonly string[] }): KafkaEventBus {
  return new KafkaEventBus({
    ...locationOf({ brokers, ...(ssl === undefined ? {} : { ssl }), ...(sasl === undefined ? {} : { sasl }) }),
    partitions: 3,
    sessionTimeoutMs: 6_000,
    reconnect: { initialDelayMs: 50, maxDelayMs: 500 },
    logger: silent,
    ...options,
  });
}
