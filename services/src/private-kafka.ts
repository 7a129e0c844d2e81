import type { Certificate } from './certificate.ts';
import { kafka, kafkaVersion, nativeKafka, probeKafka } from './kafka.ts';
import { asKafkaAdmin } from './kafka-admin.ts';
import { controllerPortOf, directPortOf, type KafkaNode, type KafkaSettings } from './kafka-node.ts';
import { type PrivateServer, startPrivateServer } from './private-server.ts';
import type { Service } from './service.ts';
import { eventually } from './wait.ts';

/** What may be done with a Kafka of one's own, or with one of its nodes. */
interface Breakable {
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Stops it in order: it hands over what it leads. */
  stop(): Promise<void>;
  /** Starts it again on the same ports and data, and resolves once it answers. */
  start(): Promise<void>;
}

/** One node of a {@link PrivateKafka}. */
export interface PrivateKafkaNode extends Breakable {
  /** As metadata name it: partition leaders, replicas. */
  readonly nodeId: number;
  /** `host:port` that clients are told to connect to. */
  readonly broker: string;
  /** `host:port` where it listens for them: a proxy's target. */
  readonly listener: string;
}

/** A Kafka of one test's own, which may be killed, broken and restarted without harm to others. */
export interface PrivateKafka extends AsyncDisposable, Breakable {
  /** What clients connect to; of several nodes, each one. */
  readonly brokers: string[];
  /** The same nodes in plain text, without a login, past any proxy: for a test to look from behind. */
  readonly directBrokers: string[];
  /** The first one is the controller, too: without it no other partition gets a new leader. */
  readonly nodes: readonly [PrivateKafkaNode, ...PrivateKafkaNode[]];
}

/** What makes a private Kafka different from the shared one. */
export interface PrivateKafkaOptions {
  /** By default the version of the shared one. */
  readonly version?: string;
  /** How many nodes, 1 by default; with three, a topic has three copies. */
  readonly nodes?: number;
  /** Lines of `server.properties` for every node, such as `{ 'auto.create.topics.enable': 'false' }`. */
  readonly settings?: KafkaSettings;
  /** What clients are told to connect to instead of each node's own port: the ports of proxies. */
  readonly advertisedPorts?: readonly number[];
  /** With it, clients talk TLS. */
  readonly tls?: Certificate;
  /** With it, clients log in by SASL PLAIN: passwords by user. */
  readonly users?: Readonly<Record<string, string>>;
}

const firstPort = 23_092;

/** Killed nodes are given up soon, and may register again. */
const impatient: KafkaSettings = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' };

const local = (port: number): string => `127.0.0.1:${port}`;
const directOf = ({ port }: PrivateServer): string => local(directPortOf(port));

/** A node answers when it knows of itself as a broker: whoever asks then also learns where it is. */
const probeNode = async (url: string, nodeId: number, clusterId: string | undefined): Promise<void> => {
  const direct = local(directPortOf(Number(new URL(`tcp://${url}`).port)));
  const cluster = await asKafkaAdmin(direct, (admin) => admin.describeCluster());
  if (clusterId !== undefined && cluster.clusterId !== clusterId) throw new Error(`the Kafka there is of the cluster ${cluster.clusterId}`);
  if (!cluster.brokers.some((broker) => broker.nodeId === nodeId)) throw new Error(`node ${nodeId} has not joined its cluster yet`);
};

const serviceOf = (node: KafkaNode): Service => ({
  ...kafka,
  // Nodes that start at once don't look at the same ports.
  defaultPort: firstPort + 10 * (node.id - 1),
  probe: (url, clusterId) => probeNode(url, node.id, clusterId),
  native: nativeKafka(node),
});

/**
 * Starts an Apache Kafka with fresh data, by programs of this machine. Its files go when it is disposed of; if this process ends before, its
 * nodes are stopped with it.
 *
 * @throws `ServiceUnavailable` if Kafka is not installed here and can't be; `ServiceFailed` if it does not start.
 */
export const startPrivateKafka = async (options: PrivateKafkaOptions = {}): Promise<PrivateKafka> => {
  const { version = kafkaVersion(), nodes: count = 1, settings, advertisedPorts = [], tls, users } = options;
  const servers: PrivateServer[] = [];
  const startNode = async (index: number, cluster?: KafkaNode['cluster']): Promise<PrivateServer> => {
    const own = { version, id: index + 1, nodes: count, advertisedPort: advertisedPorts[index], tls, users };
    const server = await startPrivateServer(serviceOf({ ...own, ...(cluster && { cluster }), settings: { ...impatient, ...settings } }));
    servers[index] = server;
    return server;
  };
  const nodeOf = (server: PrivateServer, index: number): PrivateKafkaNode => ({
    nodeId: index + 1,
    broker: local(advertisedPorts[index] ?? server.port),
    listener: local(server.port),
    kill: () => server.stop(['SIGKILL']),
    stop: () => server.stop(),
    start: () => server.start(),
  });
  const untilComplete = (): Promise<void> =>
    eventually(() => probeKafka(servers.map(directOf).join(), servers[0]?.identity), { timeoutMs: 60_000 });
  const dispose = async (): Promise<void> => {
    // Where one did not start, the list has a hole.
    for (const server of servers.toReversed()) await server?.[Symbol.asyncDispose]();
  };
  try {
    const first = await startNode(0);
    const cluster = { id: first.identity ?? '', controllerPort: controllerPortOf(first.port) };
    const others = await Promise.allSettled(Array.from({ length: count - 1 }, (_, index) => startNode(index + 1, cluster)));
    for (const other of others) if (other.status === 'rejected') throw other.reason;
    await untilComplete();
    const nodes = [nodeOf(first, 0), ...servers.slice(1).map((server, index) => nodeOf(server, index + 1))] as const;
    return {
      brokers: nodes.map(({ broker }) => broker),
      directBrokers: servers.map(directOf),
      nodes,
      kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
      // The controller goes last: the others hand over to each other with its help.
      stop: async () => {
        for (const node of nodes.toReversed()) await node.stop();
      },
      start: async () => {
        for (const node of nodes) await node.start();
        await untilComplete();
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (failure) {
    await dispose();
    throw failure;
  }
};
