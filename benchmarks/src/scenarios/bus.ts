import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { type Broker, kafka, rabbitMQ } from '../work/broker.ts';
import { type BusSetting, registerFor, settingTitles, withFlush } from '../work/bus-telemetry.ts';
import { consumingSide, countingHandler } from '../work/consuming.ts';
import { LineAdded } from '../work/line-events.ts';
import { type Publishing, PublishingSide } from '../work/publishing.ts';
import { observedHandler, observedPublish } from '../work/spans-by-hand.ts';
import { Tally, talliedOutcome } from '../work/tally.ts';

const measurePublishing = async (bench: Bench, { driver, place }: Broker, setting: BusSetting, work: Publishing): Promise<Finding> => {
  const sdk = await registerFor(setting);
  const { openBus, openRaw } = await place(bench, 'events');
  const bus = openBus();
  const raw = await openRaw(sdk !== undefined);
  const byHand = setting === 'sdk-both' ? observedPublish(raw.publish) : raw.publish;
  const finding = await compareSpeed({
    ...bench.rounds(11, 2),
    subject: withFlush(new PublishingSide('bus.publish', work, (events) => bus.publish(events), raw.take), sdk),
    baseline: withFlush(new PublishingSide(`${driver} by hand`, work, byHand, raw.take), setting === 'sdk-both' ? sdk : undefined),
    operations: { count: work.events, unit: 'events' },
    expected: { events: work.events },
  });
  await bus.stop();
  await raw.close();
  return finding;
};

const measureConsuming = async (bench: Bench, { driver, place }: Broker, setting: BusSetting, events: number): Promise<Finding> => {
  const sdk = await registerFor(setting);
  const [ours, theirs] = [await place(bench, 'library'), await place(bench, 'by-hand')];
  // What is consumed was sent by somebody who traces.
  const [filler, raw] = [await ours.openRaw(true), await theirs.openRaw(true)];
  const [ourBacklog, theirBacklog] = [await filler.openBacklog(), await raw.openBacklog()];
  const [ourTally, theirTally] = [new Tally(), new Tally()];
  const bus = ours.openBus();
  const handle = countingHandler(ourTally, ourBacklog);
  bus.subscribe(LineAdded, ({ id, data }) => handle(id, data));
  await bus.startConsuming();
  const byHand = countingHandler(theirTally, theirBacklog);
  await raw.consume(setting === 'sdk-both' ? observedHandler(byHand) : byHand);
  const finding = await compareSpeed({
    ...bench.rounds(11, 2),
    subject: withFlush(consumingSide('bus.subscribe', events, ourTally, ourBacklog), sdk),
    baseline: withFlush(consumingSide(`${driver} by hand`, events, theirTally, theirBacklog), setting === 'sdk-both' ? sdk : undefined),
    operations: { count: events, unit: 'events' },
    expected: talliedOutcome(events),
  });
  await bus.stop();
  await raw.close();
  await filler.close();
  return finding;
};

/** How many events a round has. */
interface Sizes {
  readonly batches: number;
  readonly single: number;
  readonly consumed: number;
}

const scenariosOf = (broker: Broker, full: Sizes): readonly Scenario[] => {
  const { id: need, name, driver } = broker;
  const group = `${name} beside ${driver} by hand`;
  const size = (bench: Bench): Sizes => bench.pick(full, { batches: 200, single: 128, consumed: 300 });
  const each = (id: string, title: string, measure: (bench: Bench, setting: BusSetting) => Promise<Finding>): readonly Scenario[] =>
    (['none', 'sdk', 'sdk-both'] as const).map((setting) => ({
      id: `bus-${need}-${id}${setting === 'none' ? '' : `-${setting}`}`,
      group,
      title: `${title}${settingTitles[setting]}`,
      bar: { kind: 'at least', value: 0.8 },
      needs: need,
      measure: (bench) => measure(bench, setting),
    }));
  return [
    ...each('publish', 'publish, 100 events at a time', (bench, setting) =>
      measurePublishing(bench, broker, setting, { events: size(bench).batches, batch: 100, inFlight: 1 }),
    ),
    ...each('publish-one', 'publish, 1 event at a time, 64 publishes in flight', (bench, setting) =>
      measurePublishing(bench, broker, setting, { events: size(bench).single, batch: 1, inFlight: 64 }),
    ),
    ...each('consume', 'consume', (bench, setting) => measureConsuming(bench, broker, setting, size(bench).consumed)),
  ];
};

/** The buses beside their drivers, on real brokers. */
export const bus: readonly Scenario[] = [
  ...scenariosOf(rabbitMQ, { batches: 2_000, single: 2_000, consumed: 10_000 }),
  ...scenariosOf(kafka, { batches: 3_000, single: 320, consumed: 12_000 }),
];
