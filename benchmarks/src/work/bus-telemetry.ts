import type { Side } from '../harness/rounds.ts';
import type { TelemetrySdk } from './telemetry-sdk.ts';

/**
 * What is registered in the process; the bus' own switches are on, as by default. `sdk-both`: an SDK, and who writes by hand makes the same spans
 * and metrics.
 */
export type BusSetting = 'none' | 'sdk' | 'sdk-both';

/** What a row's title says of it. */
export const settingTitles: Readonly<Record<BusSetting, string>> = {
  none: '',
  sdk: ': SDK with a batch processor and metrics',
  'sdk-both': ': that SDK, and the same spans and metrics by hand',
};

export const registerFor = async (setting: BusSetting): Promise<TelemetrySdk | undefined> => {
  if (setting === 'none') return undefined;
  const { registerSdk } = await import('./telemetry-sdk.ts');
  return registerSdk('traces and metrics');
};

/** A round pays for its own spans, up to their end. */
export const withFlush = (side: Side, sdk: TelemetrySdk | undefined): Side => {
  if (sdk === undefined) return side;
  const run = async () => {
    const outcome = await side.run();
    await sdk.flush();
    return outcome;
  };
  return {
    name: side.name,
    run,
    ...(side.prepare === undefined ? {} : { prepare: side.prepare }),
    ...(side.check === undefined ? {} : { check: side.check }),
  };
};
