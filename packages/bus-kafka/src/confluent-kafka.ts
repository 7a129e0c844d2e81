import { InvalidArgumentError } from '@es/core';
import { ConfluentAdmin } from './confluent-admin.ts';
import { ConfluentConsumer } from './confluent-consumer.ts';
import { ConfluentEvents } from './confluent-events.ts';
import type { ConfluentConfig, ConfluentLibrary } from './confluent-library.ts';
import { ConfluentProducer } from './confluent-producer.ts';
import type { KafkaRecord } from './kafka-client.ts';
import type { ConnectionObserver, KafkaDriver } from './kafka-driver.ts';
import type { WrittenRecord } from './written-records.ts';

/** A lost broker is soon looked for again: by default the waits grow to ten seconds. */
const impatient: ConfluentConfig = { 'reconnect.backoff.ms': 50, 'reconnect.backoff.max.ms': 1_000 };

/**
 * Makes Confluent's client, librdkafka, what a bus or a dead letter store uses instead of kafkajs: the `client` among their options. This package does
 * not depend on it: it is handed in as it was imported.
 *
 * @param library - `@confluentinc/kafka-javascript`, from version 1.10.
 * @param config - librdkafka's options by their names, `bootstrap.servers` at least. How groups, offsets, acknowledgements and partitions are dealt
 * with is not among them: the bus says that.
 * @throws InvalidArgumentError when the library is another one, or the configuration names no broker.
 */
export function confluentKafka(library: ConfluentLibrary, config: ConfluentConfig): KafkaDriver {
  if (typeof library?.KafkaConsumer !== 'function' || typeof library.AdminClient?.create !== 'function') {
    throw new InvalidArgumentError('confluentKafka needs the module `@confluentinc/kafka-javascript`, as it is imported.');
  }
  const servers = config?.['bootstrap.servers'];
  if (typeof servers !== 'string') {
    throw new InvalidArgumentError('confluentKafka needs `bootstrap.servers` among the options of librdkafka, such as "localhost:9092".');
  }
  const all = { ...impatient, ...config };
  const written = new WeakMap<KafkaRecord, WrittenRecord>();
  let connections: ConnectionObserver | undefined;
  const told: ConnectionObserver = { lost: () => connections?.lost(), established: () => connections?.established() };
  return {
    brokers: servers.split(',').map((broker) => broker.trim()),
    observe: (observer) => {
      connections = observer;
    },
    createProducer: (options) => new ConfluentProducer(library, all, options, new ConfluentEvents(told), written),
    createConsumer: (options, listener) => new ConfluentConsumer(library, all, options, listener, new ConfluentEvents(told)),
    createAdmin: () => new ConfluentAdmin(library, all, new ConfluentEvents(told)),
  };
}
