import type { Logger } from '@es/otel';
import { Kafka, type LogEntry, logLevel } from 'kafkajs';
import { ConnectionWatch } from './connection-watch.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import type { KafkaLocation } from './kafka-options.ts';
import { KafkaSockets } from './kafka-sockets.ts';
import { KafkaJsDriver } from './kafkajs-driver.ts';

/** How often kafkajs tries by itself to reach a broker before it says that it can't; the bus goes on from there. */
const retry = { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 };
const connectionTimeout = 3_000;

/** A client, whoever made it, and what is known of its connections. */
export class KafkaConnection {
  readonly driver: KafkaDriver;
  readonly watch: ConnectionWatch = new ConnectionWatch();
  /** The cluster, for messages: without secrets. */
  readonly place: string;
  /** The first of the brokers, where they are known. */
  readonly server: { readonly host: string; readonly port: number } | undefined;
  readonly #sockets: KafkaSockets | undefined;

  constructor(location: KafkaLocation, logger: Logger) {
    if (location.client !== undefined) {
      const { client } = location;
      this.driver = 'createConsumer' in client ? client : new KafkaJsDriver(client);
      this.driver.observe?.(this.watch);
      const known = 'createConsumer' in client ? client.brokers : undefined;
      this.place = known?.join(', ') ?? 'the client’s cluster';
      this.server = serverOf(known);
      return;
    }
    const { brokers, clientId = 'es', ssl, sasl } = location;
    this.place = brokers.join(', ');
    this.server = serverOf(brokers);
    this.#sockets = new KafkaSockets(this.watch);
    const client = new Kafka({
      brokers: [...brokers],
      clientId,
      connectionTimeout,
      retry,
      socketFactory: this.#sockets.create,
      logLevel: logger.isLevelEnabled('debug') ? logLevel.INFO : logLevel.ERROR,
      logCreator: () => (entry) => log(logger, entry),
      ...(ssl === undefined ? {} : { ssl }),
      ...(sasl === undefined ? {} : { sasl }),
    });
    this.driver = new KafkaJsDriver(client);
  }

  /** Ends what connections are left. */
  destroy(): void {
    this.#sockets?.destroy();
  }
}

function serverOf([first]: readonly string[] = []): KafkaConnection['server'] {
  if (first === undefined) return undefined;
  const colon = first.lastIndexOf(':');
  return { host: first.slice(0, colon), port: Number(first.slice(colon + 1)) };
}

/**
 * kafkajs calls an error what it then deals with by itself, a group's rebalance too; the bus says what is one. Without the fields in which it
 * repeats the name of the logger.
 */
function log(logger: Logger, { namespace, level, log: { message, timestamp: _, logger: __, ...fields } }: LogEntry): void {
  const text = `kafkajs ${namespace}: ${message}`;
  if (level === logLevel.ERROR) logger.info(fields, text);
  else logger.debug(fields, text);
}
