import { ServiceFailed } from './errors.ts';
import { findJars, installJars, type JavaServer } from './java.ts';
import { asKafkaAdmin } from './kafka-admin.ts';
import { type KafkaNode, prepareKafkaNode } from './kafka-node.ts';
import type { Service } from './service.ts';

const defaultVersion = '3.9.1';

/** The version that `ES_KAFKA_VERSION` asks for. */
export const kafkaVersion = (): string => process.env['ES_KAFKA_VERSION'] || defaultVersion;

/** Asks which cluster it is, and for a consumer group and for all of them, which only a coordinator that has loaded can answer. */
export const probeKafka = (url: string, clusterId?: string): Promise<void> =>
  asKafkaAdmin(url, async (admin) => {
    const cluster = await admin.describeCluster();
    if (clusterId !== undefined && cluster.clusterId !== clusterId)
      throw new ServiceFailed(`the Kafka there is of the cluster ${cluster.clusterId}, not of ${clusterId}`);
    await admin.describeGroups(['es-services']);
    await admin.listGroups();
  });

const variable = 'ES_KAFKA_BROKERS';

const jarsOf = (version: string): JavaServer => ({
  title: `Apache Kafka ${version}`,
  variable,
  folder: `kafka-${version}`,
  artifacts: [`org.apache.kafka:kafka_2.13:${version}`, 'org.slf4j:slf4j-simple:1.7.36'],
});

/** Kafka as one node of this machine. */
export const nativeKafka = (node: KafkaNode): Service['native'] => ({
  find: () => findJars(jarsOf(node.version)),
  install: (workplace) => installJars(workplace, jarsOf(node.version)),
  prepare: (site) => prepareKafkaNode(site, node),
  stopSignals: ['SIGTERM', 'SIGKILL'],
});

/** Apache Kafka without ZooKeeper, one node that is broker and controller. Its URL is the list of its brokers. */
export const kafka: Service = {
  name: 'kafka',
  variable,
  defaultPort: 19_092,
  needs: [],
  probe: probeKafka,
  isHopeless: () => false,
  composeUrl: (port) => `127.0.0.1:${port}`,
  native: nativeKafka({ version: kafkaVersion(), id: 1, settings: {} }),
};
