import { startTelemetry, type Telemetry, type TelemetryOptions } from '@es/otel/node';

type SetUp = (url?: string) => TelemetryOptions;

/** Where traces can go. Each set-up is what a service of your own would hand to `startTelemetry`. */
const setUps = {
  /** Trees in the terminal. */
  tree: () => ({ traces: 'tree' }),
  /** The SDK's own form, every detail of every span. */
  console: () => ({ traces: 'console' }),
  /** Jaeger takes OTLP over gRPC. */
  jaeger: (url = 'http://localhost:4317') => ({ traces: { exporter: 'otlp', protocol: 'grpc', url } }),
  /** So does Grafana Tempo. */
  tempo: (url = 'http://tempo:4317') => ({ traces: { exporter: 'otlp', protocol: 'grpc', url } }),
  /** Honeycomb knows its customers by a header, as most hosted services do. */
  honeycomb: (url = 'https://api.honeycomb.io') => ({
    traces: { exporter: 'otlp', protocol: 'http/protobuf', url, headers: { 'x-honeycomb-team': environment('HONEYCOMB_API_KEY') } },
  }),
  zipkin: (url = 'http://localhost:9411') => ({ traces: { exporter: 'zipkin', url } }),
  /** Whatever the standard `OTEL_*` variables say: OTLP to localhost if they say nothing. */
  environment: () => ({}),
} as const satisfies Record<string, SetUp>;

/** Names of the export set-ups. */
export const exportNames: readonly string[] = Object.keys(setUps);

/**
 * Starts telemetry for this process.
 *
 * @param name - One of {@link exportNames}; default: the environment's choice if it makes one, else trees in the terminal.
 * @param url - Where to send, instead of the set-up's own place.
 */
export function startExport(name: string = defaultName(), url?: string): Promise<Telemetry> {
  if (!isSetUp(name)) throw new Error(`There is no export ${JSON.stringify(name)}; choose one of ${exportNames.join(', ')}.`);
  const setUp: SetUp = setUps[name];
  return startTelemetry({ serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'task-tracker', ...setUp(url) });
}

function defaultName(): string {
  const { OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  return OTEL_TRACES_EXPORTER || OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ? 'environment' : 'tree';
}

function isSetUp(name: string): name is keyof typeof setUps {
  return Object.hasOwn(setUps, name);
}

function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name} to your key first.`);
  return value;
}
