import { type PrivateKafka, startPrivateKafka } from '@es-internal/services/private-kafka';
import { FaultyProxy } from '@es-internal/services/proxy';
import { type BusOptions, openBus } from './bus.fixture.ts';
import type { KafkaEventBus } from './index.ts';

/** A broker of a test's own, and a proxy through which everyone talks to it. */
export interface BrokerBehindProxy extends AsyncDisposable {
  readonly kafka: PrivateKafka;
  readonly proxy: FaultyProxy;
  /** A place of its own for events: every bus that is opened on it shares topic and group, unless told otherwise. */
  place(options?: BusOptions): (more?: BusOptions) => KafkaEventBus;
}

let places = 0;

/** Starts them. Sessions may be short, so that tests need not wait long for their end. */
export async function startBrokerBehindProxy(): Promise<BrokerBehindProxy> {
  const proxy = await FaultyProxy.open();
  const kafka = await startPrivateKafka({ advertisedPorts: [proxy.port], settings: { 'group.min.session.timeout.ms': '500' } });
  const [node] = kafka.nodes;
  proxy.target = node.listener;
  return {
    kafka,
    proxy,
    place: (options = {}) => {
      places += 1;
      const topic = `place-${places}`;
      return (more = {}) =>
        openBus({ brokers: kafka.brokers, topic, consumerGroup: `${topic}.group`, sessionTimeoutMs: 2_000, ...options, ...more });
    },
    [Symbol.asyncDispose]: async () => {
      await kafka[Symbol.asyncDispose]();
      await proxy.close();
    },
  };
}
