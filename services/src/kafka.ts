import { ServiceFailed } from './errors.ts';
import { asKafkaAdmin } from './kafka-admin.ts';
import { findKafka, installKafka } from './kafka-jars.ts';
import { type KafkaNode, prepareKafkaNode } from './kafka-node.ts';
import type { Service } from './service.ts';

const defaultVersion = '3.9.1';

/** The version that `ES_KAFKA_VERSION` asks for. */
export const kafkaVersion = (): string => process.env['ES_KAFKA_VERSION'] || defaultVersion;

/** Asks which cluster it is, and for a consumer group, which only a coordinator that has loaded can answer. */
export const probeKafka = (url: string, clusterId?: string): Promise<void> =>
  asKafkaAdmin(url, async (admin) => {
    const cluster = await admin.describeCluster();
    if (clusterId !== undefined && cluster.clusterId !== clusterId)
      throw new ServiceFailed(`the Kafka there is of the cluster ${cluster.clusterId}, not of ${clusterId}`);
    await admin.describeGroups(['es-services']);
  });

/** Kafka as one node of this machine. */
export const nativeKafka = (node: KafkaNode): Service['native'] => ({
  find: () => findKafka(node.version),
  install: (workplace) => installKafka(workplace, node.version),
  prepare: (site) => prepareKafkaNode(site, node),
  stopSignals: ['SIGTERM', 'SIGKILL'],
});

/** Apache Kafka without ZooKeeper, one node that is broker and controller. Its URL is the list of its brokers. */
export const kafka: Service = {
  name: 'kafka',
  variable: 'ES_KAFKA_BROKERS',
  defaultPort: 19_092,
  needs: [],
  probe: probeKafka,
  isHopeless: () => false,
  composeUrl: (port) => `127.0.0.1:${port}`,
  native: nativeKafka({ version: kafkaVersion(), id: 1, settings: {} }),
};
