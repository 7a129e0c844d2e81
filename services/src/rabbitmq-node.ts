import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { requireFree } from './ports.ts';
import { managementDistance } from './rabbitmq-management.ts';
import type { RabbitMQVersion } from './rabbitmq-programs.ts';
import type { Launch, NativeSite } from './service.ts';

/** What makes a RabbitMQ different from the shared one. */
export interface RabbitMQVariant {
  /** By default that of the machine's own package. */
  readonly version?: RabbitMQVersion | undefined;
  /** Lines of `rabbitmq.conf`, such as `{ heartbeat: '2' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Numbers of RabbitMQ's own application that `rabbitmq.conf` has no words for, such as `{ channel_tick_interval: 100 }`. */
  readonly advanced?: Readonly<Record<string, number>>;
  /** With it, the server also takes connections over TLS, on the port that {@link tlsPortOf} says. */
  readonly tls?: Certificate;
}

/** Where a version has its configuration and its data, which no other one reads. */
export const ownFolder = (folder: string, { version }: RabbitMQVariant): string =>
  join(folder, version === undefined ? 'server' : `server-${version}`);

export const tlsPortOf = (port: number): number => port + 1_000;

/** The administrator. */
export const userName = 'es';

/** Made once, since the server takes it over when it first makes its data. */
const passwordIn = (folder: string): string => {
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(12).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
};

const settingsOf = (folder: string, port: number, password: string, { settings, tls }: RabbitMQVariant) => ({
  'listeners.tcp.1': `127.0.0.1:${port}`,
  'management.tcp.ip': '127.0.0.1',
  'management.tcp.port': port + managementDistance,
  default_user: userName,
  default_pass: password,
  'log.file': 'false',
  'log.console': 'true',
  'log.console.level': 'warning',
  ...(tls && {
    'listeners.ssl.1': `127.0.0.1:${tlsPortOf(port)}`,
    'ssl_options.cacertfile': join(folder, 'ca.pem'),
    'ssl_options.certfile': join(folder, 'cert.pem'),
    'ssl_options.keyfile': join(folder, 'key.pem'),
  }),
  ...settings,
});

/** The same as Erlang's terms. */
const advancedConfig = ({ advanced = {} }: RabbitMQVariant): string => {
  const terms = Object.entries(advanced).map(([name, value]) => `{${name}, ${value}}`);
  return `[{rabbit, [${terms.join(', ')}]}].\n`;
};

/**
 * A node that knows its port for other nodes does without Erlang's port mapper, which would outlive it and in which two servers of one name
 * collide; and it need not listen there, since nobody comes. Erlang before 25 listens all the same.
 */
const distribution = (port: number): string =>
  `-sname es@localhost -start_epmd false -erl_epmd_port ${port + 20_000} -dist_listen false -kernel inet_dist_use_interface {127,0,0,1}`;

const environment = (folder: string, port: number): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C.UTF-8',
  // The Erlang cookie goes here.
  HOME: folder,
  RABBITMQ_NODENAME: 'es@localhost',
  RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
  RABBITMQ_MNESIA_BASE: join(folder, 'data'),
  RABBITMQ_LOG_BASE: folder,
  RABBITMQ_LOGS: '-',
  // Nothing of what is configured for the machine's own server.
  RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
  RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
  // Without a shell in between: the process that is started is the server, and signals reach it.
  RABBITMQ_ALLOW_INPUT: 'true',
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-noinput ${distribution(port)}`,
});

/** Makes the folder and the configuration of a server, and answers what to start. */
export const prepareRabbitMQ = async (site: NativeSite, variant: RabbitMQVariant = {}): Promise<Launch> => {
  const { programs, folder, port, account } = site;
  const { tls } = variant;
  for (const other of [port + managementDistance, ...(tls ? [tlsPortOf(port)] : [])]) await requireFree(other);
  const own = ownFolder(folder, variant);
  const password = passwordIn(folder);
  const lines = Object.entries(settingsOf(own, port, password, variant)).map(([name, value]) => `${name} = ${value}\n`);
  const files: Readonly<Record<string, string>> = {
    'rabbitmq.conf': lines.join(''),
    'advanced.config': advancedConfig(variant),
    enabled_plugins: '[rabbitmq_management].\n',
    ...(tls && { 'ca.pem': tls.ca, 'cert.pem': tls.cert, 'key.pem': tls.key }),
  };
  mkdirSync(own, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(own, name), content, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [own, ...Object.keys(files).map((name) => join(own, name))]) chownSync(path, account.uid, account.gid);
  }
  return {
    command: join(programs, 'rabbitmq-server'),
    args: [],
    env: environment(own, port),
    url: `amqp://${userName}:${password}@127.0.0.1:${port}/`,
  };
};
