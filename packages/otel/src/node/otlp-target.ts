import type { Metadata } from '@grpc/grpc-js';
import { withDefaultPath } from './endpoint.ts';
import { environmentString, type Signal } from './environment.ts';
import type { PackageLoader } from './packages.ts';
import type { OtlpProtocol, OtlpTarget } from './telemetry-options.ts';

/** The protocols by name. */
export const OTLP_PROTOCOLS: readonly OtlpProtocol[] = ['grpc', 'http/protobuf', 'http/json'];

const DEFAULT_PROTOCOL: OtlpProtocol = 'http/protobuf';

interface HttpConfig {
  url?: string;
  headers?: Record<string, string>;
}

interface GrpcConfig {
  url?: string;
  metadata?: Metadata;
}

/** For each protocol, the class of a signal's exporter; a package is loaded only when its protocol is the one used. */
export interface OtlpExporterClasses<T> {
  readonly grpc: () => Promise<new (config: GrpcConfig) => T>;
  readonly 'http/protobuf': () => Promise<new (config: HttpConfig) => T>;
  readonly 'http/json': () => Promise<new (config: HttpConfig) => T>;
}

/** Makes the OTLP exporter of a signal. What the target leaves out the exporter takes from `OTEL_EXPORTER_OTLP_*` by itself. */
export async function createOtlpExporter<T>(
  target: OtlpTarget,
  signal: Signal,
  classes: OtlpExporterClasses<T>,
  packages: PackageLoader,
): Promise<T> {
  const protocol = target.protocol ?? environmentProtocol(signal);
  if (protocol === 'grpc') {
    const [Exporter, config] = await Promise.all([classes.grpc(), grpcConfig(target, packages)]);
    return new Exporter(config);
  }
  const Exporter = await classes[protocol]();
  return new Exporter(httpConfig(target, `/v1/${signal.toLowerCase()}`));
}

// An unknown name counts as not set: that is what the specification asks for, and what the SDK does with its own exporters.
function environmentProtocol(signal: Signal): OtlpProtocol {
  const name = environmentString(`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`) ?? environmentString('OTEL_EXPORTER_OTLP_PROTOCOL');
  return OTLP_PROTOCOLS.find((protocol) => protocol === name) ?? DEFAULT_PROTOCOL;
}

function httpConfig({ url, headers }: OtlpTarget, path: string): HttpConfig {
  const config: HttpConfig = {};
  if (url !== undefined) config.url = withDefaultPath(url, path);
  if (headers !== undefined) config.headers = { ...headers };
  return config;
}

async function grpcConfig({ url, headers }: OtlpTarget, packages: PackageLoader): Promise<GrpcConfig> {
  const config: GrpcConfig = {};
  if (url !== undefined) config.url = url;
  if (headers !== undefined) {
    const { Metadata } = await packages.load('@grpc/grpc-js');
    config.metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) config.metadata.set(name, value);
  }
  return config;
}
