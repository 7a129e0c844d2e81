import { strict as assert } from 'node:assert';
import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Outcome } from '../harness/rounds.ts';
import type { Finding } from '../harness/row.ts';
import { type Broker, kafka, rabbitMQ } from '../work/broker.ts';
import { publishAll } from '../work/broker-place.ts';
import { consumingSide, countingHandler } from '../work/consuming.ts';
import { LineAdded, lineEvents } from '../work/line-events.ts';
import { linesOf } from '../work/order.ts';
import { PublishingSide } from '../work/publishing.ts';
import { PythonPeer } from '../work/python-peer.ts';
import { Tally, talliedOutcome } from '../work/tally.ts';

const batch = 100;

const measurePublishing = async (bench: Bench, { place, pythonPlace }: Broker, events: number): Promise<Finding> => {
  const theirs = await pythonPlace(bench);
  const peer = await PythonPeer.start(theirs.location);
  const ours = await place(bench, 'events');
  const [bus, raw, theirRaw] = [ours.openBus(), await ours.openRaw(false), await theirs.openRaw()];
  let made: readonly string[] = [];
  const finding = await compareSpeed({
    ...bench.rounds(7, 2),
    subject: new PublishingSide('bus.publish', { events, batch, inFlight: 1 }, (some) => bus.publish(some), raw.take),
    baseline: {
      name: 'eventsource-py publish',
      prepare: async () => {
        made = (await peer.tell<{ readonly ids: readonly string[] }>({ do: 'make', lines: linesOf(0, events) })).ids;
      },
      run: () => peer.tell<Outcome>({ do: 'publish', batch }),
      check: async () => assert.deepEqual((await theirRaw.take(events)).toSorted(), made.toSorted(), 'every event arrives once'),
      cpuMs: peer.cpuMs,
    },
    operations: { count: events, unit: 'events' },
    expected: { events },
  });
  await peer.stop();
  await bus.stop();
  for (const driver of [raw, theirRaw]) await driver.close();
  return finding;
};

const measureConsuming = async (bench: Bench, { place, pythonPlace }: Broker, events: number): Promise<Finding> => {
  const theirs = await pythonPlace(bench);
  const peer = await PythonPeer.start(theirs.location);
  await peer.tell({ do: 'subscribe' });
  const theirFiller = theirs.openFiller();
  const ours = await place(bench, 'events');
  const filler = await ours.openRaw(false);
  const backlog = await filler.openBacklog();
  const tally = new Tally();
  const handle = countingHandler(tally, backlog);
  const bus = ours.openBus();
  bus.subscribe(LineAdded, ({ id, data }) => handle(id, data));
  await bus.startConsuming();
  const finding = await compareSpeed({
    ...bench.rounds(7, 2),
    subject: consumingSide('bus.subscribe', events, tally, backlog),
    baseline: {
      name: 'eventsource-py subscribe',
      prepare: async () => {
        await peer.tell({ do: 'expect', events });
        await publishAll(lineEvents(events), (some) => theirFiller.publish(some));
      },
      run: () => peer.tell<Outcome>({ do: 'release' }),
      cpuMs: peer.cpuMs,
    },
    operations: { count: events, unit: 'events' },
    expected: talliedOutcome(events),
  });
  await peer.stop();
  for (const one of [bus, theirFiller]) await one.stop();
  await filler.close();
  return finding;
};

const scenariosOf = (broker: Broker): readonly Scenario[] => {
  const row = (id: string, title: string, measure: (bench: Bench) => Promise<Finding>): Scenario => ({
    id: `bus-${broker.id}-python-${id}`,
    group: `Peers: eventsource-py, both on ${broker.name}`,
    title,
    bar: null,
    needs: broker.id,
    measure,
  });
  return [
    row('publish', 'publish, 100 events at a time', (bench) => measurePublishing(bench, broker, bench.pick(1_000, 200))),
    row('consume', 'consume', (bench) => measureConsuming(bench, broker, bench.pick(1_000, 200))),
  ];
};

/** The buses beside eventsource-py's, each with its own defaults. */
export const busPython: readonly Scenario[] = [...scenariosOf(rabbitMQ), ...scenariosOf(kafka)];
