import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Bench, type Scale } from './harness/bench.ts';
import { valueText, verdictText } from './harness/figures.ts';
import { growthPlot } from './harness/growth-plot.ts';
import { describeMachine, packageVersions } from './harness/machine.ts';
import { withResults } from './harness/readme.ts';
import { type Report, renewed } from './harness/report.ts';
import type { Row } from './harness/row.ts';
import { runScenario } from './harness/run-scenario.ts';
import { RunServers } from './harness/run-servers.ts';
import { serverVersions } from './harness/server-versions.ts';
import { markdown, plainText } from './harness/table.ts';
import { scenarios } from './scenarios/index.ts';

/*
 *   node src/bench.ts                          everything; writes results/latest.json and the tables of README.md
 *   node src/bench.ts --only bus               the scenarios whose id has that word; writes results/partial.json
 *   node src/bench.ts --only bus --renew       … and puts their rows in the place of those in results/latest.json
 *   node src/bench.ts --tiny --output <folder> sees that everything works; the figures mean nothing
 *   … --profile <folder>                       leaves a CPU profile of every scenario there; slows them, so the figures mean less
 */
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    renew: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    output: { type: 'string' },
    profile: { type: 'string' },
  },
});

const home = fileURLToPath(new URL('..', import.meta.url));
const scale: Scale = options.tiny ? 'tiny' : 'full';
const chosen = scenarios.filter(({ id }) => id.includes(options.only));
if (chosen.length === 0) throw new Error(`No scenario has ${options.only} in its id: ${scenarios.map(({ id }) => id).join(', ')}.`);

const progress = ({ title, finding, ...row }: Row): string =>
  `${finding === null ? 'did not run' : valueText(finding.value, finding.measure)}  ${verdictText({ title, finding, ...row })}  ${title}\n`;

const runAll = async (folder: string, servers: RunServers): Promise<Report> => {
  const start = performance.now();
  const machine = describeMachine(folder);
  await new Bench(scale, folder, folder).writeSeed();
  const rows: Row[] = [];
  for (const scenario of chosen) {
    const row = await runScenario(scenario, { scale, folder, profiles: options.profile, servers });
    process.stderr.write(progress(row));
    rows.push(row);
  }
  return {
    date: new Date().toISOString(),
    scale,
    complete: chosen.length === scenarios.length,
    seconds: (performance.now() - start) / 1_000,
    machine,
    packages: { ...packageVersions(home), ...(await serverVersions(servers)) },
    rows,
  };
};

// Beside the sources, not in the system's temporary folder: that may be in memory, where nothing is ever forced onto a disk.
const data = join(home, '.data');
mkdirSync(data, { recursive: true });
const folder = mkdtempSync(join(data, 'run-'));
const servers = await RunServers.lease(new Set(chosen.flatMap(({ needs }) => needs ?? [])));
try {
  const measured = await runAll(folder, servers);
  const results = options.output ?? join(home, 'results');
  mkdirSync(results, { recursive: true });
  const latest = join(results, 'latest.json');
  const report = options.renew ? renewed(JSON.parse(readFileSync(latest, 'utf8')), measured) : measured;
  const isLatest = report.complete && scale === 'full' && options.output === undefined && options.profile === undefined;
  const name = isLatest || options.output !== undefined ? 'latest' : 'partial';
  const file = join(results, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  const plot = growthPlot(report.rows);
  if (plot !== undefined) writeFileSync(join(results, `${name}-growth.svg`), plot);
  if (isLatest) {
    const readme = join(home, 'README.md');
    writeFileSync(readme, withResults(readFileSync(readme, 'utf8'), markdown(report)));
  }
  process.stdout.write(`\n${plainText(report)}\n\nWritten to ${file}${isLatest ? ' and README.md' : ''}.\n`);
} finally {
  await servers.end();
  rmSync(folder, { recursive: true, force: true });
}
