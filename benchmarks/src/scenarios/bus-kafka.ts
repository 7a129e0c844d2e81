import { KafkaEventBus } from '@es/bus-kafka';
import { asKafkaAdmin } from '@es-internal/services/kafka-admin';
import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { type BusSetting, registerFor, settingTitles, withFlush } from '../work/bus-telemetry.ts';
import { consumingSide } from '../work/consuming.ts';
import { LineAdded } from '../work/line-events.ts';
import { type Publishing, PublishingSide } from '../work/publishing.ts';
import { type KafkaPlace, RawKafka } from '../work/raw-kafka.ts';
import { Tally, talliedOutcome } from '../work/tally.ts';

/** The library's default for new topics. */
const partitions = 6;

const createTopic = async ({ brokers, prefix }: Bench['brokers']['kafka'], name: string): Promise<KafkaPlace> => {
  const topic = `${prefix}${name}`;
  await asKafkaAdmin(brokers.join(','), (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true }),
  );
  return { brokers, topic };
};

const measurePublishing = async (bench: Bench, setting: BusSetting, work: Publishing): Promise<Finding> => {
  const sdk = await registerFor(setting);
  const place = await createTopic(bench.brokers.kafka, 'events');
  const bus = new KafkaEventBus(place);
  const raw = new RawKafka(place, sdk !== undefined);
  const finding = await compareSpeed({
    ...bench.rounds(11, 2),
    subject: withFlush(new PublishingSide('bus.publish', work, (events) => bus.publish(events), raw.take), sdk),
    baseline: new PublishingSide('kafkajs by hand', work, raw.publish, raw.take),
    operations: { count: work.events, unit: 'events' },
    expected: { events: work.events },
  });
  await bus.stop();
  await raw.close();
  return finding;
};

const measureConsuming = async (bench: Bench, setting: BusSetting, events: number): Promise<Finding> => {
  const sdk = await registerFor(setting);
  const [ours, theirs] = [await createTopic(bench.brokers.kafka, 'library'), await createTopic(bench.brokers.kafka, 'by-hand')];
  const [fillOurs, raw] = [new RawKafka(ours, true), new RawKafka(theirs, true)];
  const [ourTally, theirTally] = [new Tally(), new Tally()];
  const bus = new KafkaEventBus({ ...ours, consumerGroup: `${ours.topic}.group` });
  bus.subscribe(LineAdded, async ({ id, data }) => ourTally.count(id, data));
  await bus.startConsuming();
  await raw.consume(`${theirs.topic}.group`, async (id, line) => theirTally.count(id, line));
  const finding = await compareSpeed({
    ...bench.rounds(11, 2),
    subject: withFlush(consumingSide('bus.subscribe', events, ourTally, await fillOurs.backlog()), sdk),
    baseline: consumingSide('kafkajs by hand', events, theirTally, await raw.backlog()),
    operations: { count: events, unit: 'events' },
    expected: talliedOutcome(events),
  });
  await bus.stop();
  await raw.close();
  await fillOurs.close();
  return finding;
};

const common = { group: 'Kafka beside kafkajs by hand', needs: 'kafka', bar: { kind: 'at least', value: 0.8 } } as const;

const both = (id: string, title: string, measure: (bench: Bench, setting: BusSetting) => Promise<Finding>): readonly Scenario[] =>
  (['none', 'sdk'] as const).map((setting) => ({
    ...common,
    id: `bus-kafka-${id}${setting === 'none' ? '' : '-sdk'}`,
    title: `${title}${settingTitles[setting]}`,
    measure: (bench) => measure(bench, setting),
  }));

/** An event bus on Kafka. */
export const busKafka: readonly Scenario[] = [
  ...both('publish', 'publish, 100 events at a time', (bench, setting) =>
    measurePublishing(bench, setting, { events: bench.pick(3_000, 200), batch: 100, inFlight: 1 }),
  ),
  ...both('publish-one', 'publish, 1 event at a time, 64 publishes in flight', (bench, setting) =>
    measurePublishing(bench, setting, { events: bench.pick(320, 128), batch: 1, inFlight: 64 }),
  ),
  ...both('consume', 'consume', (bench, setting) => measureConsuming(bench, setting, bench.pick(12_000, 300))),
];
