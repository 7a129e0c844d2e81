import { strict as assert } from 'node:assert';
import type { Bench, Scenario } from '../harness/bench.ts';
import { compareCost } from '../harness/comparison.ts';
import type { Side } from '../harness/rounds.ts';
import type { Finding } from '../harness/row.ts';
import type { TelemetrySdk } from '../work/telemetry-sdk.ts';
import { memoryLoading, memorySaving, sqliteLoadingLong, sqliteLoadingMany, sqliteSaving, type TracedWork } from '../work/traced-work.ts';

/** What is registered in the process, and what makes the spans: the library, or two calls of the SDK around it. */
type Setting = 'none' | 'traces' | 'traces and metrics' | 'by hand';

/** Spans of one operation: the repository's and, under it, the event store's. */
const spansEach = 2;

const register = async (setting: Setting): Promise<TelemetrySdk | undefined> => {
  if (setting === 'none') return undefined;
  const { registerSdk } = await import('../work/telemetry-sdk.ts');
  return registerSdk(setting === 'traces and metrics' ? 'traces and metrics' : 'traces');
};

const subjectOf = (setting: Setting, sdk: TelemetrySdk | undefined, side: TracedWork['side']): Side =>
  setting === 'by hand' && sdk !== undefined
    ? side({ name: 'telemetry off, two spans by hand', telemetry: 'off', around: sdk.withTwoSpans })
    : side({ name: 'telemetry on', telemetry: 'on' });

/** A round pays for its own spans, up to their end. */
const flushing = (side: Side, sdk: TelemetrySdk | undefined): Side => ({
  ...side,
  run: async () => {
    const outcome = await side.run();
    await sdk?.flush();
    return outcome;
  },
});

const measure = async (bench: Bench, setting: Setting, make: MakeWork): Promise<Finding> => {
  const sdk = await register(setting);
  const { side, operations, expected, close } = await make(bench);
  // The less there is to find, the longer one has to look.
  const plan = bench.rounds(setting === 'none' ? 100 : 50, 8);
  const finding = await compareCost({
    ...plan,
    subject: flushing(subjectOf(setting, sdk, side), sdk),
    baseline: flushing(side({ name: 'telemetry off', telemetry: 'off' }), sdk),
    control: flushing(side({ name: 'telemetry off, again', telemetry: 'off' }), sdk),
    operations,
    expected,
  });
  await close();
  const made = (plan.rounds + plan.warmUps) * operations.count * spansEach;
  if (sdk !== undefined) assert.equal(sdk.exported(), made, 'every operation makes its two spans, and none is dropped');
  return finding;
};

type MakeWork = (bench: Bench) => TracedWork | Promise<TracedWork>;

const titles: Readonly<Record<Setting, string>> = {
  none: 'no SDK registered',
  traces: 'SDK with a batch processor',
  'traces and metrics': 'SDK with a batch processor and metrics',
  'by hand': 'two bare spans of that SDK instead of ours',
};

const scenario = (id: string, what: string, setting: Setting, bar: number | null, make: MakeWork): Scenario => ({
  id: `telemetry-${id}`,
  group: 'Telemetry: CPU time over the same with telemetry off',
  title: `${what}: ${titles[setting]}`,
  bar: bar === null ? null : { kind: 'at most', value: bar },
  measure: (bench) => measure(bench, setting, make),
});

const save = (bench: Bench): TracedWork => sqliteSaving(bench, 10, 'full');
const saveOne = (bench: Bench): TracedWork => sqliteSaving(bench, 1, 'full');
const saveWithoutDisk = (bench: Bench): TracedWork => sqliteSaving(bench, 10, 'off');

/** What telemetry costs, from nothing registered to everything. */
export const telemetry: readonly Scenario[] = [
  scenario('sqlite-save', 'SQLite, save of 10 events', 'none', 3, save),
  scenario('sqlite-load', 'SQLite, load of 10 events', 'none', 3, sqliteLoadingMany),
  scenario('memory-save', 'in memory, save of 10 events', 'none', 10, memorySaving),
  scenario('memory-load', 'in memory, load of 10 events', 'none', 10, memoryLoading),
  scenario('sqlite-save-sdk', 'SQLite, save of 10 events', 'traces', 15, save),
  scenario('sqlite-load-sdk', 'SQLite, load of 10 events', 'traces', 15, sqliteLoadingMany),
  scenario('sqlite-load-hand', 'SQLite, load of 10 events', 'by hand', null, sqliteLoadingMany),
  scenario('sqlite-load-long-sdk', 'SQLite, load of 10,000 events', 'traces', null, sqliteLoadingLong),
  scenario('sqlite-save-off-sdk', 'SQLite without the disk (synchronous=OFF), save of 10 events', 'traces', null, saveWithoutDisk),
  scenario('sqlite-save-off-hand', 'SQLite without the disk (synchronous=OFF), save of 10 events', 'by hand', null, saveWithoutDisk),
  scenario('sqlite-save-one-sdk', 'SQLite, save of 1 event', 'traces', null, saveOne),
  scenario('sqlite-save-metrics', 'SQLite, save of 10 events', 'traces and metrics', null, save),
  scenario('memory-save-sdk', 'in memory, save of 10 events', 'traces', null, memorySaving),
];
