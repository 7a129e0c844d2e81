import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { environmentSpeaksOf, type Signal } from './environment.ts';
import { createLogProcessor } from './log-processors.ts';
import { createMetricReader } from './metric-readers.ts';
import { PackageLoader, type Packages } from './packages.ts';
import { createResource } from './resource.ts';
import { createSampler } from './sampler.ts';
import { createSpanProcessor } from './span-processors.ts';
import { asList, withoutUndefined } from './targets.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

/** What the SDK runs with, and the parts of it that are needed to run it. */
export interface PreparedSdk {
  readonly core: Packages['@opentelemetry/core'];
  readonly NodeSDK: Packages['@opentelemetry/sdk-node']['NodeSDK'];
  readonly configuration: Partial<NodeSDKConfiguration>;
}

/**
 * Loads every package that the options need, and makes of them what the SDK is to run with. Nothing is registered and nothing runs yet.
 *
 * @throws {@link TelemetryError} `ES_TELEMETRY_PACKAGE_MISSING` with the names of all packages that are missing.
 */
export async function prepareSdk(options: TelemetryOptions): Promise<PreparedSdk> {
  const packages = new PackageLoader();
  const parts = [
    packages.load('@opentelemetry/core'),
    packages.load('@opentelemetry/sdk-node'),
    packages.load('@opentelemetry/resources').then((resources) => createResource(options, resources)),
    createSampler(options, packages),
    forEachTarget(choice(options, 'traces', 'TRACES'), (target) => createSpanProcessor(target, packages)),
    forEachTarget(choice(options, 'metrics', 'METRICS'), (target) => createMetricReader(target, packages)),
    forEachTarget(choice(options, 'logs', 'LOGS'), (target) => createLogProcessor(target, packages)),
  ] as const;
  // All are awaited before any failure counts, so that one error names everything that is missing.
  await Promise.allSettled(parts);
  await packages.checkMissing();
  const [core, { NodeSDK }, resource, sampler, spanProcessors, metricReaders, logRecordProcessors] = await Promise.all(parts);
  const configuration: Partial<NodeSDKConfiguration> = {
    resource,
    autoDetectResources: false,
    // The shape stands for the SDK's own type, which instrumentations implement.
    instrumentations: (options.instrumentations ?? []).flat() as object[] as NodeSDKConfiguration['instrumentations'],
    ...withoutUndefined({ sampler, spanProcessors, metricReaders, logRecordProcessors }),
  };
  return { core, NodeSDK, configuration };
}

/** Where a signal goes: as the option says, or `undefined` for as the environment says, or `false` when neither says anything. */
function choice<K extends 'traces' | 'metrics' | 'logs'>(options: TelemetryOptions, key: K, signal: Signal): TelemetryOptions[K] | false {
  if (options[key] !== undefined) return options[key];
  const anyNamed = [options.traces, options.metrics, options.logs].some((option) => option !== undefined && option !== false);
  return anyNamed && !environmentSpeaksOf(signal) ? false : undefined;
}

/** One part for each target; none when there is to be none, and `undefined` where the environment decides. */
async function forEachTarget<T, P>(
  option: T | readonly T[] | false | undefined,
  create: (target: T) => Promise<P>,
): Promise<P[] | undefined> {
  if (option === undefined) return undefined;
  return option === false ? [] : Promise.all(asList(option).map(create));
}
