import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { folderOfJava } from './java.ts';
import { requireFree } from './ports.ts';
import { runCommand } from './run.ts';
import type { Launch, NativeSite } from './service.ts';

/** Server properties of Kafka, as in `server.properties`. */
export type KafkaSettings = Readonly<Record<string, string>>;

/** One process of a Kafka, with a data folder of its own. */
export interface KafkaNode {
  readonly version: string;
  /** Its number in the cluster: the first one is the cluster's controller, too. */
  readonly id: number;
  /** The cluster that it belongs to, and the port of that one's controller; without it, the node is the first of a cluster of its own. */
  readonly cluster?: { readonly id: string; readonly controllerPort: number };
  /** How many nodes the cluster is going to have; one by default. */
  readonly nodes?: number;
  /** What clients are told to connect to; by default the node's own port. */
  readonly advertisedPort?: number | undefined;
  /** With it, clients talk TLS. */
  readonly tls?: Certificate | undefined;
  /** With it, clients log in by SASL PLAIN: passwords by user. */
  readonly users?: Readonly<Record<string, string>> | undefined;
  /** Laid over those that the node needs to run. */
  readonly settings: KafkaSettings;
}

/** Where a node's controller listens, and where its brokers meet each other, in plain text. */
export const controllerPortOf = (port: number): number => port + 1_000;
export const directPortOf = (port: number): number => port + 2_000;

const protocolOf = ({ tls, users }: KafkaNode): string => {
  const transport = tls === undefined ? 'PLAINTEXT' : 'SSL';
  return users === undefined ? transport : `SASL_${transport}`;
};

/** How clients' connections are secured. */
const securityOf = ({ tls, users }: KafkaNode): KafkaSettings => {
  const settings: Record<string, string> = {};
  if (tls !== undefined) {
    settings['listener.name.client.ssl.keystore.type'] = 'PEM';
    settings['listener.name.client.ssl.keystore.key'] = tls.key;
    settings['listener.name.client.ssl.keystore.certificate.chain'] = tls.cert;
  }
  if (users !== undefined) {
    const logins = Object.entries(users).map(([user, password]) => `user_${user}="${password.replaceAll(/["\\]/g, '\\$&')}"`);
    settings['listener.name.client.sasl.enabled.mechanisms'] = 'PLAIN';
    settings['listener.name.client.plain.sasl.jaas.config'] =
      `org.apache.kafka.common.security.plain.PlainLoginModule required ${logins.join(' ')};`;
  }
  return settings;
};

const settingsOf = (node: KafkaNode, port: number, data: string): KafkaSettings => {
  const [controllerPort, directPort] = [controllerPortOf(port), directPortOf(port)];
  const first = node.cluster === undefined;
  const copies = String(Math.min(node.nodes ?? 1, 3));
  const listeners = [`CLIENT://127.0.0.1:${port}`, `DIRECT://127.0.0.1:${directPort}`];
  return {
    'process.roles': first ? 'broker,controller' : 'broker',
    'node.id': String(node.id),
    'controller.quorum.voters': `1@127.0.0.1:${node.cluster?.controllerPort ?? controllerPort}`,
    listeners: [...listeners, ...(first ? [`CONTROLLER://127.0.0.1:${controllerPort}`] : [])].join(),
    // Brokers talk to each other, and to themselves, past whatever stands before the clients' port.
    'advertised.listeners': `CLIENT://127.0.0.1:${node.advertisedPort ?? port},DIRECT://127.0.0.1:${directPort}`,
    'listener.security.protocol.map': `CLIENT:${protocolOf(node)},DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'DIRECT',
    'log.dirs': data,
    'num.partitions': '3',
    'default.replication.factor': copies,
    'offsets.topic.replication.factor': copies,
    // Few partitions are made and loaded sooner than fifty.
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '5',
    'group.initial.rebalance.delay.ms': '0',
    ...securityOf(node),
    ...node.settings,
  };
};

const javaArguments = (jars: string, program: string): readonly string[] => [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  '-classpath',
  join(jars, '*'),
  program,
];

/** Makes the data folder of a node, where it is missing, and answers what to start. Its URL is where clients find it. */
export const prepareKafkaNode = async ({ programs, folder, port }: NativeSite, node: KafkaNode): Promise<Launch> => {
  for (const other of [controllerPortOf(port), directPortOf(port)]) await requireFree(other);
  const command = join(folderOfJava() ?? '', 'java');
  const data = join(folder, `data-${node.version}`);
  const configuration = join(folder, 'server.properties');
  const clusterFile = join(data, 'meta.properties');
  const lines = Object.entries(settingsOf(node, port, data)).map(
    ([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`,
  );
  writeFileSync(configuration, lines.join(''), { mode: 0o600 });
  if (!existsSync(clusterFile)) {
    rmSync(data, { recursive: true, force: true });
    const id = node.cluster?.id ?? randomBytes(16).toString('base64url').replace(/^-/, '_');
    await runCommand({
      command,
      args: [...javaArguments(programs, 'kafka.tools.StorageTool'), 'format', '--cluster-id', id, '--config', configuration],
      log: join(folder, 'format.log'),
    });
  }
  const identity = /^cluster\.id=(.*)$/m.exec(readFileSync(clusterFile, 'utf8'))?.[1] ?? '';
  return {
    command,
    args: [...javaArguments(programs, 'kafka.Kafka'), configuration],
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    url: `127.0.0.1:${port}`,
    identity,
  };
};
