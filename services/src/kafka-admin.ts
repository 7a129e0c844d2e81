import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs';

// Node does not find these among the names that this CommonJS package exports.
const { KafkaJSDeleteGroupsError, KafkaJSProtocolError } = kafkajs;

/** The `host:port` of each broker, as `ES_KAFKA_BROKERS` has them with commas in between. */
export const brokersIn = (url: string): string[] => url.split(',').map((broker) => broker.trim());

/** Runs something with an admin client of its own, which says nothing and tries each request once. */
export const asKafkaAdmin = async <T>(url: string, action: (admin: Admin) => Promise<T>): Promise<T> => {
  const kafka = new Kafka({
    clientId: 'es-services',
    brokers: brokersIn(url),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5_000,
    requestTimeout: 20_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await action(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Such a group goes by itself, when its members' time is out; or has gone already, with the last topic that it had offsets in. */
const needNotGo = new Set(['NON_EMPTY_GROUP', 'GROUP_ID_NOT_FOUND']);

const deleteGroups = async (admin: Admin, groups: string[]): Promise<void> => {
  try {
    await admin.deleteGroups(groups);
  } catch (failure) {
    if (!(failure instanceof KafkaJSDeleteGroupsError)) throw failure;
    if (failure.groups.some(({ error }) => !(error instanceof KafkaJSProtocolError && needNotGo.has(error.type)))) throw failure;
  }
};

/** Deletes the consumer groups and the topics whose name is one of those meant; a group that still has members is left to their time-outs. */
export const deleteFromKafka = (url: string, isMeant: (name: string) => boolean): Promise<void> =>
  asKafkaAdmin(url, async (admin) => {
    const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId).filter(isMeant);
    if (groups.length > 0) await deleteGroups(admin, groups);
    const topics = (await admin.listTopics()).filter(isMeant);
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
