import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { managementDistance } from './rabbitmq-management.ts';
import { prepareRabbitMQ, type RabbitMQVariant, userName } from './rabbitmq-node.ts';
import { rabbitMQPrograms, rabbitMQVariable, rabbitMQVersion } from './rabbitmq-programs.ts';
import type { Service } from './service.ts';

/** Connects, makes a quorum queue, which the last part of a server's start has to be over for, and deletes it. */
const probeRabbitMQ = async (url: string): Promise<void> => {
  const connection = await connect(url, { timeout: 5_000 });
  // A connection that breaks makes the call fail; without a listener the event of it would end the process, too.
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    const { queue } = await channel.assertQueue(`es_probe_${randomUUID()}`, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.deleteQueue(queue);
  } finally {
    await connection.close();
  }
};

/** A refused login, or a virtual host that is not there or not for this user. */
const isRefused = (failure: unknown): boolean => failure instanceof Error && /ACCESS[_-]REFUSED|NOT[_-]ALLOWED/.test(failure.message);

/** RabbitMQ by programs of this machine. */
export const nativeRabbitMQ = (variant: RabbitMQVariant): Service['native'] => ({
  ...rabbitMQPrograms(variant.version),
  prepare: (site) => prepareRabbitMQ(site, variant),
  stopSignals: ['SIGTERM', 'SIGKILL'],
});

/** RabbitMQ with its management plugin, 10,000 above its own port. */
export const rabbitmq: Service = {
  name: 'rabbitmq',
  variable: rabbitMQVariable,
  defaultPort: 15_673,
  needs: [],
  probe: probeRabbitMQ,
  isHopeless: isRefused,
  composeUrl: (port) => `amqp://${userName}:${userName}@127.0.0.1:${port}/`,
  composeEnv: (port) => ({ ES_RABBITMQ_MANAGEMENT_PORT: String(port + managementDistance) }),
  native: nativeRabbitMQ({ version: rabbitMQVersion() }),
};
