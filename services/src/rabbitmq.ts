import { randomBytes, randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { type Installation, installPackages } from './install.ts';
import { requireFree } from './ports.ts';
import { folderOfPrograms } from './programs.ts';
import { managementDistance } from './rabbitmq-management.ts';
import type { Launch, NativeSite, Service } from './service.ts';

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

const user = 'es';

/** Made once, since the server takes it over when it first makes its data. */
const passwordIn = (folder: string): string => {
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(12).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
};

/**
 * A node that knows its port for other nodes does without Erlang's port mapper, which would outlive it and in which two servers of one name
 * collide; and it need not listen there, since nobody comes. Erlang before 25 listens all the same.
 */
const distribution = (port: number): string =>
  `-sname es@localhost -start_epmd false -erl_epmd_port ${port + 20_000} -dist_listen false -kernel inet_dist_use_interface {127,0,0,1}`;

const prepare = async ({ programs, folder, port, account }: NativeSite): Promise<Launch> => {
  const managementPort = port + managementDistance;
  await requireFree(managementPort);
  const password = passwordIn(folder);
  const own = join(folder, 'server');
  const configuration = join(own, 'rabbitmq.conf');
  const plugins = join(own, 'enabled_plugins');
  const settings = {
    'listeners.tcp.1': `127.0.0.1:${port}`,
    'management.tcp.ip': '127.0.0.1',
    'management.tcp.port': managementPort,
    default_user: user,
    default_pass: password,
    'log.file': 'false',
    'log.console': 'true',
    'log.console.level': 'warning',
  };
  mkdirSync(own, { recursive: true, mode: 0o700 });
  writeFileSync(
    configuration,
    Object.entries(settings)
      .map((setting) => `${setting.join(' = ')}\n`)
      .join(''),
    { mode: 0o600 },
  );
  writeFileSync(plugins, '[rabbitmq_management].\n');
  if (account !== undefined) for (const path of [own, configuration, plugins]) chownSync(path, account.uid, account.gid);
  return {
    command: join(programs, 'rabbitmq-server'),
    args: [],
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C.UTF-8',
      // The Erlang cookie goes here.
      HOME: own,
      RABBITMQ_NODENAME: 'es@localhost',
      RABBITMQ_CONFIG_FILE: configuration,
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
      RABBITMQ_MNESIA_BASE: join(own, 'data'),
      RABBITMQ_LOG_BASE: own,
      RABBITMQ_LOGS: '-',
      // Nothing of what is configured for the machine's own server.
      RABBITMQ_CONF_ENV_FILE: join(own, 'none'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(own, 'advanced.config'),
      // Without a shell in between: the process that is started is the server, and signals reach it.
      RABBITMQ_ALLOW_INPUT: 'true',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-noinput ${distribution(port)}`,
    },
    url: `amqp://${user}:${password}@127.0.0.1:${port}/`,
  };
};

/** RabbitMQ with its management plugin, 10,000 above its own port. */
export const rabbitmq: Service = {
  name: 'rabbitmq',
  variable: installation.variable,
  defaultPort: 15_673,
  needs: [],
  probe: probeRabbitMQ,
  isHopeless: isRefused,
  composeUrl: (port) => `amqp://${user}:${user}@127.0.0.1:${port}/`,
  composeEnv: (port) => ({ ES_RABBITMQ_MANAGEMENT_PORT: String(port + managementDistance) }),
  native: {
    account: 'rabbitmq',
    find: () => folderOfPrograms(['rabbitmq-server'], programFolders),
    install: (workplace) => installPackages(workplace, installation),
    prepare,
    stopSignals: ['SIGTERM', 'SIGKILL'],
  },
};
