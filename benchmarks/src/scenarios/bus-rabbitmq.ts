import { RabbitMQEventBus } from '@es/bus-rabbitmq';
import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { type BusSetting, registerFor, settingTitles, withFlush } from '../work/bus-telemetry.ts';
import { type Backlog, consumingSide } from '../work/consuming.ts';
import { Gate } from '../work/gate.ts';
import { LineAdded } from '../work/line-events.ts';
import type { Line } from '../work/order.ts';
import { type Publishing, PublishingSide } from '../work/publishing.ts';
import { type RabbitMQPlace, RawRabbitMQ } from '../work/raw-rabbitmq.ts';
import { Tally, talliedOutcome } from '../work/tally.ts';

const consumerGroup = 'group';
/** The library's defaults. */
const partitions = 8;
const prefetch = 100;
/** Events that are published at once where it is only about their being there. */
const filledAtOnce = 500;

const placeOf = (url: string, exchange: string): RabbitMQPlace => ({
  url,
  exchange,
  queues: Array.from({ length: partitions }, (_, partition) => `${exchange}.${consumerGroup}.${partition}`),
});

/** Has the library make its exchanges and queues. */
const declare = async ({ url, exchange }: RabbitMQPlace): Promise<void> => {
  const bus = new RabbitMQEventBus({ url, exchange, consumerGroup });
  await bus.startConsuming();
  await bus.stop();
};

const measurePublishing = async (bench: Bench, setting: BusSetting, work: Publishing): Promise<Finding> => {
  const sdk = await registerFor(setting);
  const place = placeOf(await bench.brokers.rabbitmq(), 'events');
  await declare(place);
  const bus = new RabbitMQEventBus(place);
  const raw = await RawRabbitMQ.open(place, sdk !== undefined);
  const finding = await compareSpeed({
    ...bench.rounds(11, 2),
    subject: withFlush(new PublishingSide('bus.publish', work, (events) => bus.publish(events), raw.take), sdk),
    baseline: new PublishingSide('amqplib by hand', work, raw.publish, raw.take),
    operations: { count: work.events, unit: 'events' },
    expected: { events: work.events },
  });
  await bus.stop();
  await raw.close();
  return finding;
};

/** Messages wait in the queues, and those that were delivered before a gate. */
const backlogOf = (raw: RawRabbitMQ, gate: Gate): Backlog => ({
  fill: async (events) => {
    gate.close();
    for (let from = 0; from < events.length; from += filledAtOnce) await raw.publish(events.slice(from, from + filledAtOnce));
  },
  release: () => gate.open(),
});

const measureConsuming = async (bench: Bench, setting: BusSetting, events: number): Promise<Finding> => {
  const sdk = await registerFor(setting);
  const url = await bench.brokers.rabbitmq();
  const [ours, theirs] = [placeOf(url, 'library'), placeOf(url, 'by-hand')];
  for (const place of [ours, theirs]) await declare(place);
  const [fillOurs, raw] = [await RawRabbitMQ.open(ours, true), await RawRabbitMQ.open(theirs, true)];
  const [ourTally, theirTally, ourGate, theirGate] = [new Tally(), new Tally(), new Gate(), new Gate()];
  const handle = async (tally: Tally, gate: Gate, id: string, line: Line): Promise<void> => {
    if (gate.closed !== undefined) await gate.closed;
    tally.count(id, line);
  };
  const bus = new RabbitMQEventBus({ ...ours, consumerGroup, prefetch });
  bus.subscribe(LineAdded, ({ id, data }) => handle(ourTally, ourGate, id, data));
  await bus.startConsuming();
  await raw.consume(prefetch, (id, line) => handle(theirTally, theirGate, id, line));
  const finding = await compareSpeed({
    ...bench.rounds(11, 2),
    subject: withFlush(consumingSide('bus.subscribe', events, ourTally, backlogOf(fillOurs, ourGate)), sdk),
    baseline: consumingSide('amqplib by hand', events, theirTally, backlogOf(raw, theirGate)),
    operations: { count: events, unit: 'events' },
    expected: talliedOutcome(events),
  });
  await bus.stop();
  await raw.close();
  await fillOurs.close();
  return finding;
};

const common = { group: 'RabbitMQ beside amqplib by hand', needs: 'rabbitmq', bar: { kind: 'at least', value: 0.8 } } as const;

const both = (id: string, title: string, measure: (bench: Bench, setting: BusSetting) => Promise<Finding>): readonly Scenario[] =>
  (['none', 'sdk'] as const).map((setting) => ({
    ...common,
    id: `bus-rabbitmq-${id}${setting === 'none' ? '' : '-sdk'}`,
    title: `${title}${settingTitles[setting]}`,
    measure: (bench) => measure(bench, setting),
  }));

/** An event bus on RabbitMQ. */
export const busRabbitMQ: readonly Scenario[] = [
  ...both('publish', 'publish, 100 events at a time', (bench, setting) =>
    measurePublishing(bench, setting, { events: bench.pick(2_000, 200), batch: 100, inFlight: 1 }),
  ),
  ...both('publish-one', 'publish, 1 event at a time, 64 publishes in flight', (bench, setting) =>
    measurePublishing(bench, setting, { events: bench.pick(2_000, 128), batch: 1, inFlight: 64 }),
  ),
  ...both('consume', 'consume', (bench, setting) => measureConsuming(bench, setting, bench.pick(6_000, 300))),
];
