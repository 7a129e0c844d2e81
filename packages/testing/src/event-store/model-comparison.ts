import fc from 'fast-check';
import type { EventStoreCase, EventStoreSetting } from './event-store-case.ts';
import { ModelRun } from './model-run.ts';
import { type RandomStep, randomHistory } from './random-history.ts';

const defaultRuns = 25;
const defaultLimitMs = 20_000;

async function sameAsModel({ store, properties }: EventStoreSetting, withTags: boolean): Promise<void> {
  const behavesAlike = async (history: readonly RandomStep[]): Promise<void> => {
    const run = await ModelRun.begin(store);
    for (const step of history) await run.step(step);
    await run.end();
  };
  const { runs = defaultRuns, seed, limitMs = defaultLimitMs } = properties;
  // A failure prints the seed and the shortest history found that fails.
  await fc.assert(fc.asyncProperty(randomHistory({ withTags }), behavesAlike), {
    numRuns: runs,
    interruptAfterTimeLimit: limitMs,
    ...(seed === undefined ? {} : { seed }),
  });
}

export const modelComparison: readonly EventStoreCase[] = [
  {
    name: 'answers random histories like the in-memory store, step by step',
    run: (setting) => sameAsModel(setting, false),
  },
  {
    name: 'answers random histories with tags like the in-memory store, step by step',
    needs: 'tagFilter',
    run: (setting) => sameAsModel(setting, true),
  },
];
