import { TelemetryError } from './telemetry-error.ts';

/** The packages that options of `startTelemetry` may need, all of them optional peers, with what they export. */
export interface Packages {
  '@grpc/grpc-js': typeof import('@grpc/grpc-js');
  '@opentelemetry/core': typeof import('@opentelemetry/core');
  '@opentelemetry/exporter-logs-otlp-grpc': typeof import('@opentelemetry/exporter-logs-otlp-grpc');
  '@opentelemetry/exporter-logs-otlp-http': typeof import('@opentelemetry/exporter-logs-otlp-http');
  '@opentelemetry/exporter-logs-otlp-proto': typeof import('@opentelemetry/exporter-logs-otlp-proto');
  '@opentelemetry/exporter-metrics-otlp-grpc': typeof import('@opentelemetry/exporter-metrics-otlp-grpc');
  '@opentelemetry/exporter-metrics-otlp-http': typeof import('@opentelemetry/exporter-metrics-otlp-http');
  '@opentelemetry/exporter-metrics-otlp-proto': typeof import('@opentelemetry/exporter-metrics-otlp-proto');
  '@opentelemetry/exporter-trace-otlp-grpc': typeof import('@opentelemetry/exporter-trace-otlp-grpc');
  '@opentelemetry/exporter-trace-otlp-http': typeof import('@opentelemetry/exporter-trace-otlp-http');
  '@opentelemetry/exporter-trace-otlp-proto': typeof import('@opentelemetry/exporter-trace-otlp-proto');
  '@opentelemetry/exporter-zipkin': typeof import('@opentelemetry/exporter-zipkin');
  '@opentelemetry/resources': typeof import('@opentelemetry/resources');
  '@opentelemetry/sdk-logs': typeof import('@opentelemetry/sdk-logs');
  '@opentelemetry/sdk-metrics': typeof import('@opentelemetry/sdk-metrics');
  '@opentelemetry/sdk-node': typeof import('@opentelemetry/sdk-node');
  '@opentelemetry/sdk-trace': typeof import('@opentelemetry/sdk-trace');
}

type PackageName = keyof Packages;

// Each import is spelled out, so that bundlers and type checkers see it.
const IMPORTS: { readonly [N in PackageName]: () => Promise<Packages[N]> } = {
  '@grpc/grpc-js': () => import('@grpc/grpc-js'),
  '@opentelemetry/core': () => import('@opentelemetry/core'),
  '@opentelemetry/exporter-logs-otlp-grpc': () => import('@opentelemetry/exporter-logs-otlp-grpc'),
  '@opentelemetry/exporter-logs-otlp-http': () => import('@opentelemetry/exporter-logs-otlp-http'),
  '@opentelemetry/exporter-logs-otlp-proto': () => import('@opentelemetry/exporter-logs-otlp-proto'),
  '@opentelemetry/exporter-metrics-otlp-grpc': () => import('@opentelemetry/exporter-metrics-otlp-grpc'),
  '@opentelemetry/exporter-metrics-otlp-http': () => import('@opentelemetry/exporter-metrics-otlp-http'),
  '@opentelemetry/exporter-metrics-otlp-proto': () => import('@opentelemetry/exporter-metrics-otlp-proto'),
  '@opentelemetry/exporter-trace-otlp-grpc': () => import('@opentelemetry/exporter-trace-otlp-grpc'),
  '@opentelemetry/exporter-trace-otlp-http': () => import('@opentelemetry/exporter-trace-otlp-http'),
  '@opentelemetry/exporter-trace-otlp-proto': () => import('@opentelemetry/exporter-trace-otlp-proto'),
  '@opentelemetry/exporter-zipkin': () => import('@opentelemetry/exporter-zipkin'),
  '@opentelemetry/resources': () => import('@opentelemetry/resources'),
  '@opentelemetry/sdk-logs': () => import('@opentelemetry/sdk-logs'),
  '@opentelemetry/sdk-metrics': () => import('@opentelemetry/sdk-metrics'),
  '@opentelemetry/sdk-node': () => import('@opentelemetry/sdk-node'),
  '@opentelemetry/sdk-trace': () => import('@opentelemetry/sdk-trace'),
};

/** Imports optional packages, and remembers which of them are not installed, so that one error can name them all. */
export class PackageLoader {
  readonly #loads: Promise<unknown>[] = [];
  readonly #missing = new Set<string>();

  load<N extends PackageName>(name: N): Promise<Packages[N]> {
    const load = this.#load(name);
    this.#loads.push(load);
    return load;
  }

  /**
   * Waits for everything that is being loaded.
   *
   * @throws {@link TelemetryError} `ES_TELEMETRY_PACKAGE_MISSING` about all that is missing.
   */
  async checkMissing(): Promise<void> {
    await Promise.allSettled(this.#loads);
    if (this.#missing.size > 0) throw missingPackages([...this.#missing].sort());
  }

  async #load<N extends PackageName>(name: N): Promise<Packages[N]> {
    try {
      return await IMPORTS[name]();
    } catch (error) {
      const missing = missingPackage(error);
      if (missing === undefined) throw brokenPackage(name, error);
      this.#missing.add(missing);
      throw missingPackages([missing], error);
    }
  }
}

/** The package that an import did not find, which may be one that the imported package needs itself. */
function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND') return undefined;
  return /'((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[^']*)?'/.exec(error.message)?.[1];
}

function missingPackages(names: readonly string[], cause?: unknown): TelemetryError {
  const list = names.join(' ');
  const message =
    `startTelemetry needs ${names.length === 1 ? 'a package that is' : 'packages that are'} not installed: ${names.join(', ')}. ` +
    `Install with: npm install ${list} (or: pnpm add ${list}).`;
  return new TelemetryError('ES_TELEMETRY_PACKAGE_MISSING', message, cause === undefined ? undefined : { cause });
}

function brokenPackage(name: string, cause: unknown): TelemetryError {
  const message =
    `startTelemetry found the package ${name} but could not load it: ${cause instanceof Error ? cause.message : String(cause)}. ` +
    'Check that the OpenTelemetry packages belong together: sdk-node 0.301 or later, sdk-trace, sdk-metrics and sdk-logs 3.x, api 1.10 or later.';
  return new TelemetryError('ES_TELEMETRY_START_FAILED', message, { cause });
}
