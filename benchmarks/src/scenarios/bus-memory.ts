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
/** So many of a hundred are handled before memory is measured: by then buffers, compiled code and heap have the size that they keep. */
const warmUpPercent = 20;

const measure = async (bench: Bench, broker: Broker): Promise<Finding> => {
  const count = bench.pick(100_000, 1_000);
  const place = await broker.place(bench, 'events');
  await fillElsewhere(broker, place, count);
  const tally = new Tally();
  const warmUp = (count * warmUpPercent) / 100;
  const warm = Promise.withResolvers<void>();
  let handled = 0;
  const bus = place.openBus();
  bus.subscribe(LineAdded, async ({ id, data }) => {
    await pause(handlerMs);
    tally.count(id, data);
    handled += 1;
    if (handled === warmUp) warm.resolve();
  });
  tally.begin(count);
  await bus.startConsuming();
  await warm.promise;
  const { overBaseMiB, wallMs, cpuMs } = await measurePeak(() => tally.full);
  await bus.stop();
  assert.deepEqual(tally.outcome, talliedOutcome(count));
  return {
    measure: 'memory',
    clock: 'none',
    value: overBaseMiB,
    interval: [overBaseMiB, overBaseMiB],
    spread: [overBaseMiB, overBaseMiB],
    rounds: 1,
    operations: { count: count - warmUp, unit: 'events' },
    subject: { name: 'bus.subscribe', wallMs, cpuMs, perSecond: ((count - warmUp) / wallMs) * 1_000 },
  };
};

const scenarioOf = (broker: Broker): Scenario => ({
  id: `bus-${broker.id}-memory`,
  group: `${broker.name} beside ${broker.driver} by hand`,
  title: `what 100,000 events with a handler that takes ${handlerMs} ms add to the memory after the first ${warmUpPercent} %`,
  bar: { kind: 'at most', value: 60 },
  needs: broker.id,
  measure: (bench) => measure(bench, broker),
});

/** Whether the process goes on growing while much more waits at the broker than it can handle. */
export const busMemory: readonly Scenario[] = [rabbitMQ, kafka].map(scenarioOf);
