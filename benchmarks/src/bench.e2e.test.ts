import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonEnvironment } from '@es-internal/interop/python-environment';
// For the types of what they provide.
import type {} from '@es-internal/services/vitest/kafka';
import type {} from '@es-internal/services/vitest/postgres';
import type {} from '@es-internal/services/vitest/rabbitmq';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Scenario } from './harness/bench.ts';
import { growthPlot } from './harness/growth-plot.ts';
import { withResults } from './harness/readme.ts';
import type { Report } from './harness/report.ts';
import { type Finding, judge } from './harness/row.ts';
import { markdown } from './harness/table.ts';
import { scenarios } from './scenarios/index.ts';

const home = fileURLToPath(new URL('..', import.meta.url));
const readReport = (folder: string): Report => JSON.parse(readFileSync(join(folder, 'latest.json'), 'utf8')) as Report;
const idsOf = ({ rows }: Report): readonly string[] => rows.map(({ id }) => id);
const scenarioIds = scenarios.map(({ id }) => id);

const numbersOf = ({ value, interval, spread, noise, subject, baseline }: Finding): readonly number[] =>
  [subject, ...(baseline === undefined ? [] : [baseline])]
    .flatMap(({ wallMs, cpuMs, perSecond }) => [wallMs, cpuMs, perSecond])
    .concat(value, interval, spread, noise ?? []);

const postgres = inject('postgres');
const offers = { postgres, rabbitmq: inject('rabbitmq'), kafka: inject('kafka') };

/** What keeps a scenario from running on this machine, as its row says it; none for one that must run. */
const excusesOf = async ({ id, needs }: Scenario): Promise<readonly string[]> => {
  const offer = needs === undefined ? undefined : offers[needs];
  const python = id.includes('python') ? await pythonEnvironment() : undefined;
  return [
    ...(id.startsWith('emmett') ? ['peers'] : []),
    ...(offer !== undefined && 'unavailable' in offer ? [offer.unavailable] : []),
    ...(python !== undefined && 'unavailable' in python ? [python.unavailable] : []),
  ];
};

/* Every round of every scenario compares what it did with what it should have done, and ends the run if they differ. */
describe('the benchmarks at tiny size', () => {
  const output = mkdtempSync(join(tmpdir(), 'es-bench-'));
  let printed = '';
  let report: Report;

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['src/bench.ts', '--tiny', '--output', output], { cwd: home });
    printed = stdout;
    report = readReport(output);
  }, 900_000);

  afterAll(() => rmSync(output, { recursive: true }));

  test('run every scenario with right results, and print and write them all', () => {
    expect(idsOf(report)).toEqual(scenarioIds);
    expect(report).toMatchObject({ scale: 'tiny', complete: true });
    expect(existsSync(join(output, 'latest-growth.svg'))).toBe('url' in postgres);
    for (const { title } of scenarios) expect(printed).toContain(title);
  });

  test('report finite figures of both sides, held against the bar', async () => {
    for (const { id, verdict, certain, bar, finding, reason } of report.rows) {
      if (finding === null) {
        const scenario = scenarios.find((candidate) => candidate.id === id);
        const excuses = scenario === undefined ? [] : await excusesOf(scenario);
        expect(
          excuses.some((excuse) => reason?.includes(excuse)),
          `${id}: ${reason}`,
        ).toBe(true);
        continue;
      }
      expect(numbersOf(finding).every(Number.isFinite), id).toBe(true);
      expect(finding.subject.wallMs, id).toBeGreaterThan(0);
      expect({ verdict, certain }, id).toEqual(judge(bar, finding));
      expect(finding.baseline === undefined, id).toBe(finding.measure === 'memory' || finding.measure === 'latency');
    }
  });
});

describe('the committed results', () => {
  const latest = readReport(join(home, 'results'));

  test('are those of a complete run of all scenarios', () => {
    expect(idsOf(latest)).toEqual(scenarioIds);
    expect(latest).toMatchObject({ scale: 'full', complete: true });
  });

  test('are what the README shows', () => {
    const readme = readFileSync(join(home, 'README.md'), 'utf8');
    expect(readme).toBe(withResults(readme, markdown(latest)));
  });

  test('are what the plot of growth shows', () => {
    expect(readFileSync(join(home, 'results', 'latest-growth.svg'), 'utf8')).toBe(growthPlot(latest.rows));
  });
});
