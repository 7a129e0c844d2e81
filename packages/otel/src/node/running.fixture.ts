import { onTestFinished, vi } from 'vitest';
import { startTelemetry } from './start-telemetry.ts';
import type { Telemetry } from './telemetry.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

/** Starts telemetry that is shut down when the test has finished, with no `OTEL_*` variables but those given. */
export async function startForTest(options: TelemetryOptions, env: Readonly<Record<string, string>> = {}): Promise<Telemetry> {
  const inherited = Object.keys(process.env).filter((name) => name.startsWith('OTEL_'));
  for (const name of inherited) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const telemetry = await startTelemetry(options);
  onTestFinished(async () => {
    await telemetry.shutdown();
    vi.unstubAllEnvs();
  });
  return telemetry;
}
