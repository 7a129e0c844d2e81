import type { Sampler } from '@opentelemetry/sdk-trace';
import type { PackageLoader } from './packages.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

/** The sampler that the options ask for; `undefined` leaves it to `OTEL_TRACES_SAMPLER`. */
export async function createSampler({ sampler, samplingRatio }: TelemetryOptions, packages: PackageLoader): Promise<Sampler | undefined> {
  // The shape stands for the SDK's own type, which a user's sampler implements.
  if (sampler !== undefined) return sampler as object as Sampler;
  if (samplingRatio === undefined) return undefined;
  const { ParentBasedSampler, TraceIdRatioBasedSampler } = await packages.load('@opentelemetry/sdk-trace');
  return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(samplingRatio) });
}
