import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Scenario } from '../harness/bench.ts';
import { liveMiB } from '../harness/live-memory.ts';
import type { Finding } from '../harness/row.ts';
import { type Broker, kafka, rabbitMQ } from '../work/broker.ts';
import { fillElsewhere } from '../work/fill-elsewhere.ts';
import { LineAdded } from '../work/line-events.ts';
import { Tally, talliedOutcome } from '../work/tally.ts';

const handlerMs = 1;
/** How often memory is looked at; the first look is what the others are compared with. */
const looks = 5;

const measure = async (bench: Bench, broker: Broker): Promise<Finding> => {
  const count = bench.pick(100_000, 1_000);
  const place = await broker.place(bench, 'events');
  await fillElsewhere(broker, place, count);
  const tally = new Tally();
  tally.begin(count);
  const seen: number[] = [];
  let handled = 0;
  const bus = place.openBus();
  bus.subscribe(LineAdded, async ({ id, data }) => {
    await pause(handlerMs);
    handled += 1;
    if (handled % (count / looks) === 0) seen.push(liveMiB());
    tally.count(id, data);
  });
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await bus.startConsuming();
  await tally.full;
  const wallMs = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  await bus.stop();
  assert.deepEqual(tally.outcome, talliedOutcome(count));
  assert.equal(seen.length, looks);
  const growth = Math.max(...seen) - (seen[0] ?? Number.NaN);
  return {
    measure: 'memory',
    clock: 'none',
    value: growth,
    interval: [growth, growth],
    spread: [growth, growth],
    rounds: 1,
    operations: { count, unit: 'events' },
    subject: { name: 'bus.subscribe', wallMs, cpuMs: (cpu.user + cpu.system) / 1_000, perSecond: (count / wallMs) * 1_000 },
  };
};

const scenarioOf = (broker: Broker): Scenario => ({
  id: `bus-${broker.id}-memory`,
  group: `${broker.name} beside ${broker.driver} by hand`,
  title: `how much more memory is in use after 100,000 events than after 20,000, with a handler that takes ${handlerMs} ms`,
  bar: { kind: 'at most', value: 30 },
  needs: broker.id,
  measure: (bench) => measure(bench, broker),
});

/** Whether memory stays flat while much more waits at the broker than can be handled. */
export const busMemory: readonly Scenario[] = [rabbitMQ, kafka].map(scenarioOf);
