/** The three kinds of telemetry, as `OTEL_*` variables name them. */
export type Signal = 'TRACES' | 'METRICS' | 'LOGS';

/** The trimmed value of an environment variable; `undefined` when it is not set or empty, which the specification treats alike. */
export function environmentString(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}

/** A positive number from the environment; anything else counts as not set. */
export function environmentNumber(name: string): number | undefined {
  const value = Number(environmentString(name));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Whether `OTEL_SDK_DISABLED` switches all telemetry off. */
export function telemetryDisabled(): boolean {
  return environmentString('OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
}

/** Whether the environment says where a signal goes, by naming its exporter or an OTLP endpoint. */
export function environmentSpeaksOf(signal: Signal): boolean {
  const names = [`OTEL_${signal}_EXPORTER`, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  return names.some((name) => environmentString(name) !== undefined);
}
