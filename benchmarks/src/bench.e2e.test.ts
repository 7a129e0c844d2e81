import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/* Every round of every scenario compares what it did with what it should have done, and ends the run if they differ. */
describe('the benchmarks at tiny size', () => {
  const output = mkdtempSync(join(tmpdir(), 'es-bench-'));
  let printed = '';
  let report: Report;

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['src/bench.ts', '--tiny', '--output', output], { cwd: home });
    printed = stdout;
    report = readReport(output);
  }, 180_000);

  afterAll(() => rmSync(output, { recursive: true }));

  test('run every scenario with right results, and print and write them all', () => {
    expect(idsOf(report)).toEqual(scenarioIds);
    expect(report).toMatchObject({ scale: 'tiny', complete: true });
    for (const { title } of scenarios) expect(printed).toContain(title);
  });

  test('report finite figures of both sides, held against the bar', () => {
    for (const { id, verdict, certain, bar, finding, reason } of report.rows) {
      if (finding === null) {
        expect(id).toMatch(/^emmett/);
        expect(reason).toContain('peers');
        continue;
      }
      expect(numbersOf(finding).every(Number.isFinite), id).toBe(true);
      expect(finding.subject.wallMs, id).toBeGreaterThan(0);
      expect({ verdict, certain }, id).toEqual(judge(bar, finding));
      expect(finding.baseline === undefined, id).toBe(finding.measure === 'memory');
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
});
