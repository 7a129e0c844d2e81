import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCollector, collectorProgram, findCollector } from './collector-build.ts';
import { ServiceFailed } from './errors.ts';
import type { NativeService } from './native.ts';
import { startPrivateServer } from './private-server.ts';
import type { NativeSite } from './service.ts';

/** An OpenTelemetry Collector of one test's own. */
export interface PrivateCollector extends AsyncDisposable {
  /** Takes OTLP over HTTP: the value for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  /** Stops it in order, which makes it write what it still has. Answers all that it took, each request as one JSON text. */
  stop(): Promise<readonly string[]>;
}

const outputIn = (folder: string): string => join(folder, 'telemetry.jsonl');

const prepare = async ({ programs, folder, port }: NativeSite) => {
  // A path of its own: whoever else might have the port does not know it.
  const path = `/${randomUUID()}`;
  const http = {
    endpoint: `127.0.0.1:${port}`,
    traces_url_path: `${path}/v1/traces`,
    metrics_url_path: `${path}/v1/metrics`,
    logs_url_path: `${path}/v1/logs`,
  };
  const pipeline = { receivers: ['otlp'], exporters: ['file'] };
  const configuration = {
    receivers: { otlp: { protocols: { http } } },
    exporters: { file: { path: outputIn(folder) } },
    service: {
      pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
      // It would offer metrics about itself on a port of its own.
      telemetry: { metrics: { level: 'none' } },
    },
  };
  const file = join(folder, 'configuration.json');
  writeFileSync(file, JSON.stringify(configuration));
  return {
    command: join(programs, collectorProgram),
    args: [`--config=${file}`],
    env: { PATH: process.env['PATH'] },
    url: `http://127.0.0.1:${port}${path}`,
  };
};

const collector: NativeService = {
  name: 'collector',
  defaultPort: 14_318,
  probe: async (url) => {
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    if (!answer.ok) throw new ServiceFailed(`it answered ${answer.status}`);
  },
  isHopeless: () => false,
  native: { find: findCollector, install: buildCollector, prepare, stopSignals: ['SIGTERM', 'SIGKILL'] },
};

/**
 * Starts an OpenTelemetry Collector, which is built first if this user never did.
 *
 * @throws `ServiceUnavailable` if it can't be built here; `ServiceFailed` if it does not start.
 */
export const startPrivateCollector = async (): Promise<PrivateCollector> => {
  const server = await startPrivateServer(collector);
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      const taken = readFileSync(outputIn(server.folder), 'utf8');
      return taken.split('\n').filter((line) => line !== '');
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};
