import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Scenario } from '../harness/bench.ts';
import { measurePeak } from '../harness/peak-memory.ts';
import type { Finding } from '../harness/row.ts';
import { type Broker, kafka, rabbitMQ } from '../work/broker.ts';
import { fillElsewhere } from '../work/fill-elsewhere.ts';
import { LineAdded } from '../work/line-events.ts';
import { Tally, talliedOutcome } from '../work/tally.ts';

const handlerMs = 1;

const measure = async (bench: Bench, broker: Broker): Promise<Finding> => {
  const count = bench.pick(100_000, 1_000);
  const place = await broker.place(bench, 'events');
  await fillElsewhere(broker, place, count);
  const tally = new Tally();
  const bus = place.openBus();
  bus.subscribe(LineAdded, async ({ id, data }) => {
    await pause(handlerMs);
    tally.count(id, data);
  });
  tally.begin(count);
  const { overBaseMiB, wallMs, cpuMs } = await measurePeak(async () => {
    await bus.startConsuming();
    await tally.full;
  });
  await bus.stop();
  assert.deepEqual(tally.outcome, talliedOutcome(count));
  return {
    measure: 'memory',
    clock: 'none',
    value: overBaseMiB,
    interval: [overBaseMiB, overBaseMiB],
    spread: [overBaseMiB, overBaseMiB],
    rounds: 1,
    operations: { count, unit: 'events' },
    subject: { name: 'bus.subscribe', wallMs, cpuMs, perSecond: (count / wallMs) * 1_000 },
  };
};

const scenarioOf = (broker: Broker): Scenario => ({
  id: `bus-${broker.id}-memory`,
  group: `${broker.name} beside ${broker.driver} by hand`,
  title: `peak memory of consuming 100,000 events with a handler that takes ${handlerMs} ms`,
  bar: { kind: 'at most', value: 120 },
  needs: broker.id,
  measure: (bench) => measure(bench, broker),
});

/** How much the process grows while much more waits at the broker than it can handle. The process has done nothing before. */
export const busMemory: readonly Scenario[] = [rabbitMQ, kafka].map(scenarioOf);
