import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { type Installation, installPackages } from './install.ts';
import { folderOfPrograms } from './programs.ts';
import { managementDistance } from './rabbitmq-management.ts';
import { prepareRabbitMQ, userName } from './rabbitmq-node.ts';
import type { Service } from './service.ts';

const installation: Installation = {
  title: 'RabbitMQ',
  variable: 'ES_AMQP_URL',
  packages: { 'apt-get': 'rabbitmq-server', dnf: 'rabbitmq-server', apk: 'rabbitmq-server', brew: 'rabbitmq' },
};

/** The scripts themselves: the one on the `PATH` of Debian runs as root alone, and changes the user by itself. */
const programFolders = ['/usr/lib/rabbitmq/bin', '/opt/homebrew/sbin', '/usr/local/sbin'];

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

/** RabbitMQ with its management plugin, 10,000 above its own port. */
export const rabbitmq: Service = {
  name: 'rabbitmq',
  variable: installation.variable,
  defaultPort: 15_673,
  needs: [],
  probe: probeRabbitMQ,
  isHopeless: isRefused,
  composeUrl: (port) => `amqp://${userName}:${userName}@127.0.0.1:${port}/`,
  composeEnv: (port) => ({ ES_RABBITMQ_MANAGEMENT_PORT: String(port + managementDistance) }),
  native: {
    account: 'rabbitmq',
    find: () => folderOfPrograms(['rabbitmq-server'], programFolders),
    install: (workplace) => installPackages(workplace, installation),
    prepare: (site) => prepareRabbitMQ(site),
    stopSignals: ['SIGTERM', 'SIGKILL'],
  },
};
