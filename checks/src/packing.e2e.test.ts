import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { bringNode, readToolchain } from '../../scripts/toolchain.mjs';
import { expectedFiles, packAll, type Tarball } from './packing.ts';
import { type Outcome, run } from './run.ts';
import { publicPackages, repositoryRoot } from './workspace.ts';

// Packing, and installing from a registry, take what the machine and the network take.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const packages = publicPackages();
const folder = mkdtempSync(join(tmpdir(), 'es-packing-'));
const tool = (name: string): string => join(repositoryRoot, 'checks', 'node_modules', '.bin', name);
let tarballs: ReadonlyMap<string, Tarball>;

beforeAll(() => {
  tarballs = new Map(packAll(repositoryRoot, packages, folder).map((tarball) => [tarball.name, tarball]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tarball = (name: string): Tarball => {
  const found = tarballs.get(name);
  if (found === undefined) throw new Error(`${name} was not packed.`);
  return found;
};

const { catalog } = parse(readFileSync(join(repositoryRoot, 'pnpm-workspace.yaml'), 'utf8')) as { catalog: Record<string, string> };
const inCatalog = (...names: string[]): string[] => names.map((name) => `${name}@${catalog[name]}`);

const installIn = (service: string, wanted: readonly string[]): void => {
  const { status, stdout, stderr } = run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...wanted], { cwd: service });
  if (status !== 0) throw new Error(`npm install failed:\n${stdout}${stderr}`);
};

/** The names of the packages that an installation has brought. */
const arrivedIn = (service: string): string[] =>
  globSync('**/node_modules/{*,@*/*}/package.json', { cwd: service })
    .map((file) => (JSON.parse(readFileSync(join(service, file), 'utf8')) as { name?: string }).name)
    .filter((name) => name !== undefined);

describe.for(packages.map((own) => [own.manifest.name, own] as const))('%s as it is published', ([name, own]) => {
  test('holds its documents and what its sources compile to, nothing else', () => {
    const advice = 'A compiled file whose source is gone is left over from an older build: delete `dist`.';
    expect(tarball(name).files, advice).toEqual(expectedFiles(repositoryRoot, own));
  });

  test('passes publint', () => {
    expect(run(tool('publint'), ['run', tarball(name).path, '--strict'], { cwd: folder })).toMatchObject({ status: 0 });
  });

  test('has types that resolve wherever ESM packages do', () => {
    const { status, stdout, stderr } = run(tool('attw'), [tarball(name).path, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'], {
      cwd: folder,
    });
    expect(status, stdout + stderr).toBe(0);
  });
});

describe('a service that writes to SQLite and installs with npm', () => {
  const service = join(folder, 'service');
  const ours = ['@es/otel', '@es/core', '@es/store-sqlite'];
  const install = (...wanted: string[]): void => installIn(service, wanted);

  beforeAll(() => {
    cpSync(join(repositoryRoot, 'checks', 'fixtures', 'consumer'), service, { recursive: true });
    writeFileSync(join(service, 'package.json'), JSON.stringify({ name: 'service', private: true, type: 'module' }));
    install(...ours.map((name) => tarball(name).path), ...inCatalog('@opentelemetry/api', 'zod', 'typescript', '@types/node'));
  });

  test('gets our three packages, one copy of the OpenTelemetry API, no SDK, and no other database or broker', () => {
    const arrived = arrivedIn(service);
    expect(arrived.filter((name) => name.startsWith('@es/')).sort()).toEqual([...ours].sort());
    expect(arrived.filter((name) => name.startsWith('@opentelemetry/'))).toEqual(['@opentelemetry/api']);
    expect(arrived.filter((name) => /^(kafkajs|amqplib|pg|pg-.*|@types\/(pg|amqplib))$/.test(name))).toEqual([]);
    expect(arrived).toContain('better-sqlite3');
  });

  test('compiles, the declarations of our packages included', () => {
    const tsc = join(service, 'node_modules', '.bin', 'tsc');
    expect(run(tsc, ['-p', service, '--pretty', 'false'], { cwd: service })).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  const { minimum, version } = readToolchain(repositoryRoot).node;
  const runOn = (wanted: string, file: string): Outcome =>
    run(join(bringNode(repositoryRoot, wanted), 'node'), [join(service, 'dist', file)], {
      cwd: service,
      env: { PATH: process.env['PATH'] },
    });

  test.for([minimum, version].flatMap((wanted) => [[wanted, 'imports', 'main.js'] as const, [wanted, 'requires', 'main.cjs'] as const]))(
    'runs on Node %s when it %s them',
    ([wanted, , file]) => {
      const line = `v${wanted}: Learn OpenTelemetry, completed, at version 2\n`;
      expect(runOn(wanted, file)).toEqual({ status: 0, stdout: line, stderr: '' });
    },
  );

  describe('and then the SDK beside them', () => {
    beforeAll(() => install(...inCatalog('@opentelemetry/sdk-node')));

    test.for([minimum, version])('has its spans and ours in one trace on Node %s', (wanted) => {
      const { status, stdout, stderr } = runOn(wanted, 'traced.js');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const spans = ['task_service.create_task', 'eventsource.repository.save', 'eventsource.event_store.append_events'];
      expect(stdout).toMatch(new RegExp(spans.join('[^]*')));
    });
  });
});

describe.each([
  ['Kafka', '@es/bus-kafka', 'kafkajs'],
  ['RabbitMQ', '@es/bus-rabbitmq', 'amqplib'],
])('a service that talks to %s and installs with npm', (_broker, bus, driver) => {
  test(`gets our three packages, the OpenTelemetry API and ${driver}, and nothing else`, () => {
    const service = join(folder, `${driver}-service`);
    const ours = ['@es/otel', '@es/core', bus];
    mkdirSync(service);
    writeFileSync(join(service, 'package.json'), JSON.stringify({ name: `${driver}-service`, private: true, type: 'module' }));
    installIn(service, [...ours.map((name) => tarball(name).path), ...inCatalog('@opentelemetry/api')]);
    expect(arrivedIn(service).sort()).toEqual([...ours, '@opentelemetry/api', '@standard-schema/spec', driver].sort());
  });
});
