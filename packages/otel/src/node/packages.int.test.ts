import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as apiWithoutLogs from '@opentelemetry/api-1-9';
import { describe, expect, it } from 'vitest';
import { runScript } from './child.fixture.ts';
import { type Installation, installation, installedPackages } from './installation.fixture.ts';

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly cause?: string;
}

/** What startTelemetry rejects with, for each of the options, in a program that runs in the installation. */
async function refusals({ entry }: Installation, options: readonly string[]): Promise<Refusal[]> {
  const result = await runScript(`
    import { startTelemetry } from ${JSON.stringify(entry)};
    const refusals = [];
    for (const options of [${options.join(', ')}]) {
      const telemetry = await startTelemetry(options).catch((error) => {
        refusals.push({ code: error.code, message: error.message, cause: error.cause?.message });
      });
      await telemetry?.shutdown();
    }
    console.log(JSON.stringify(refusals));
  `);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(result.stdout);
}

/** An installation with every package but those given. */
function installationWithout(...missing: string[]): Installation {
  const place = installation();
  for (const name of [...installedPackages(), '@grpc/grpc-js']) if (!missing.includes(name)) place.link(name);
  return place;
}

describe('a package that is missing', () => {
  it('is named with all others that are missing, and how to install them', async () => {
    const place = installation();
    place.link('@opentelemetry/api');
    const [refusal] = await refusals(place, ["{ traces: ['tree', 'zipkin'] }"]);
    expect(refusal?.code).toBe('ES_TELEMETRY_PACKAGE_MISSING');
    const names = ['core', 'exporter-zipkin', 'resources', 'sdk-node', 'sdk-trace'].map((name) => `@opentelemetry/${name}`);
    expect(refusal?.message).toBe(
      `startTelemetry needs packages that are not installed: ${names.join(', ')}. ` +
        `Install with: npm install ${names.join(' ')} (or: pnpm add ${names.join(' ')}).`,
    );
  });

  it('is the exporter of the signal and the protocol that an option asks for', async () => {
    const exporters = installedPackages().filter((name) => name.includes('exporter'));
    const cases = new Map([
      ["{ traces: 'zipkin' }", 'exporter-zipkin'],
      ["{ traces: { exporter: 'otlp', protocol: 'grpc' } }", 'exporter-trace-otlp-grpc'],
      ["{ traces: { exporter: 'otlp', protocol: 'http/protobuf' } }", 'exporter-trace-otlp-proto'],
      ["{ traces: { exporter: 'otlp', protocol: 'http/json' } }", 'exporter-trace-otlp-http'],
      ["{ metrics: { exporter: 'otlp', protocol: 'grpc' } }", 'exporter-metrics-otlp-grpc'],
      ["{ metrics: 'otlp' }", 'exporter-metrics-otlp-proto'],
      ["{ metrics: { exporter: 'otlp', protocol: 'http/json' } }", 'exporter-metrics-otlp-http'],
      ["{ logs: { exporter: 'otlp', protocol: 'grpc' } }", 'exporter-logs-otlp-grpc'],
      ["{ logs: 'otlp' }", 'exporter-logs-otlp-proto'],
      ["{ logs: { exporter: 'otlp', protocol: 'http/json' } }", 'exporter-logs-otlp-http'],
    ]);
    const found = await refusals(installationWithout(...exporters), [...cases.keys()]);
    expect(found.map(({ code }) => code)).toEqual(found.map(() => 'ES_TELEMETRY_PACKAGE_MISSING'));
    expect(found.map(({ message }) => /npm install (.*) \(/.exec(message)?.[1])).toEqual(
      [...cases.values()].map((name) => `@opentelemetry/${name}`),
    );
  });

  it('is @grpc/grpc-js when gRPC is to send headers', async () => {
    const place = installationWithout('@grpc/grpc-js');
    const grpc = "{ exporter: 'otlp', protocol: 'grpc' }";
    const found = await refusals(place, [`{ traces: ${grpc} }`, `{ traces: { ...${grpc}, headers: { a: 'b' } } }`]);
    expect(found).toMatchObject([
      { code: 'ES_TELEMETRY_PACKAGE_MISSING', message: expect.stringContaining('npm install @grpc/grpc-js (') },
    ]);
  });

  it('is named when it is another package that needs it', async () => {
    const place = installationWithout('@opentelemetry/sdk-node');
    place.copy('@opentelemetry/sdk-node');
    const [refusal] = await refusals(place, ["{ traces: 'tree' }"]);
    expect(refusal?.code).toBe('ES_TELEMETRY_PACKAGE_MISSING');
    expect(refusal?.message).toMatch(
      /npm install @opentelemetry\/(configuration|exporter-prometheus|instrumentation|otlp-.*exporter-base|propagator-b3) /,
    );
  });

  it('does not matter when nothing needs it', async () => {
    const exporters = installedPackages().filter((name) => name.includes('exporter'));
    const found = await refusals(installationWithout(...exporters, '@grpc/grpc-js'), ["{ traces: 'tree' }"]);
    expect(found).toEqual([]);
  });
});

describe('a package that does not fit', () => {
  it('is an API without logs', async () => {
    expect(apiWithoutLogs).not.toHaveProperty('logs');
    const place = installationWithout('@opentelemetry/api');
    place.link('@opentelemetry/api-1-9', '@opentelemetry/api');
    const [refusal] = await refusals(place, ["{ traces: 'tree' }"]);
    expect(refusal?.code).toBe('ES_TELEMETRY_API_MISMATCH');
    expect(refusal?.message).toContain('npm install @opentelemetry/api@latest');
  });

  it('is another copy of the API than the SDK found, when they can not see each other', async () => {
    const place = installationWithout('@opentelemetry/api');
    // A later API does not use what an earlier one registered.
    replaceInFiles(place.copy('@opentelemetry/api'), /1\.10\.0/g, '1.99.0');
    const [refusal] = await refusals(place, ["{ traces: 'tree' }"]);
    expect(refusal?.code).toBe('ES_TELEMETRY_API_MISMATCH');
    expect(refusal?.message).toContain('npm ls @opentelemetry/api');
  });

  it('is one that fails while it is loaded', async () => {
    const place = installationWithout('@opentelemetry/exporter-zipkin');
    const copy = place.copy('@opentelemetry/exporter-zipkin');
    writeFileSync(join(copy, 'dist/index.mjs'), "throw new Error('built for another age');");
    const [refusal] = await refusals(place, ["{ traces: 'zipkin' }"]);
    expect(refusal?.code).toBe('ES_TELEMETRY_START_FAILED');
    expect(refusal?.message).toContain('found the package @opentelemetry/exporter-zipkin but could not load it: built for another age');
    expect(refusal?.cause).toBe('built for another age');
  });
});

function replaceInFiles(folder: string, search: RegExp, replacement: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    if (!statSync(path).isFile() || !/\.[cm]?js$/.test(path)) continue;
    writeFileSync(path, readFileSync(path, 'utf8').replace(search, replacement));
  }
}
