import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT, type Attributes } from '@es/otel';
import { connect } from 'amqplib';
import type { AmqpConnect } from './amqp-driver.ts';
import type { RabbitMQLocation } from './rabbitmq-options.ts';

/** A broker, and how to reach it. */
export interface RabbitMQServer {
  readonly connect: AmqpConnect;
  /** Server and virtual host for messages, without secrets. */
  readonly place: string;
  readonly attributes: Attributes;
}

const defaultPorts: Readonly<Record<string, number>> = { 'amqp:': 5672, 'amqps:': 5671 };
/** How long to wait for a connection to be made, in milliseconds. */
const connectTimeoutMs = 10_000;

/** The broker that options name. */
export function serverOf(location: RabbitMQLocation): RabbitMQServer {
  if (location.connect !== undefined) return { connect: location.connect, place: 'the given connection', attributes: {} };
  const { url, socketOptions } = location;
  const { protocol, hostname, port, pathname } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, '');
  const portNumber = port === '' ? (defaultPorts[protocol] ?? 0) : Number(port);
  const virtualHost = pathname.length > 1 ? pathname : '';
  return {
    // A confirmation should not wait for Nagle's algorithm.
    connect: () => connect(url, { noDelay: true, timeout: connectTimeoutMs, ...socketOptions }),
    place: `${hostname}:${portNumber}${virtualHost}`,
    attributes: { [ATTR_SERVER_ADDRESS]: address, [ATTR_SERVER_PORT]: portNumber },
  };
}
