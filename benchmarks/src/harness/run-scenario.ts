import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scale, Scenario } from './bench.ts';
import { type Finding, judge, type Row } from './row.ts';
import type { RunServers } from './run-servers.ts';
import { median } from './statistics.ts';

/** What a scenario's process reports: a finding, or why there is none. */
export type ScenarioMessage = { readonly finding: Finding } | { readonly cannotRun: string };

/** How a run works. */
export interface RunOptions {
  readonly scale: Scale;
  /** The seeded file in it is shared; everything else is each scenario's own. */
  readonly folder: string;
  /** Where each process leaves a CPU profile, for Chrome's DevTools and the like; `undefined` for none. */
  readonly profiles: string | undefined;
  readonly servers: RunServers;
}

const program = new URL('./scenario-process.ts', import.meta.url);

const runProcess = async ({ id, needs }: Scenario, { scale, folder, profiles, servers }: RunOptions): Promise<ScenarioMessage> => {
  const own = join(folder, id);
  mkdirSync(own);
  const profiling =
    profiles === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${id}-${process.hrtime.bigint()}.cpuprofile`];
  const child = fork(program, [id, scale, own, folder], {
    execArgv: ['--expose-gc', ...profiling],
    env: { ...process.env, ...servers.variables },
  });
  let message: ScenarioMessage | undefined;
  child.on('message', (received) => {
    message = received as ScenarioMessage;
  });
  const [code, signal] = await once(child, 'close');
  rmSync(own, { recursive: true });
  if (needs !== undefined) await servers.tidyAfter(needs, id);
  if (message === undefined || code !== 0)
    throw new Error(`The scenario ${id} failed: its process ended with ${signal ?? `code ${code}`}.`);
  return message;
};

/** Of several processes that measured the same: the one with the middle value, with the range of all. */
const middleOf = (findings: readonly Finding[]): Finding | undefined => {
  const values = findings.map((finding) => finding.value);
  const middle = findings.toSorted((a, b) => Math.abs(a.value - median(values)) - Math.abs(b.value - median(values)))[0];
  if (middle === undefined || findings.length === 1) return middle;
  const range = [Math.min(...values), Math.max(...values)] as const;
  return { ...middle, interval: range, spread: range, rounds: findings.length };
};

/** Runs a scenario in a process of its own, or in several one after the other, so that no heap, no compiled code and no SDK is left of another. */
export const runScenario = async (scenario: Scenario, run: RunOptions): Promise<Row> => {
  const { id, group, title, bar, sides } = scenario;
  const start = performance.now();
  const row = (result: Pick<Row, 'verdict' | 'certain' | 'finding' | 'reason'>): Row => ({
    id,
    group,
    title,
    bar,
    ...(sides === undefined ? {} : { sides }),
    ...result,
    seconds: (performance.now() - start) / 1_000,
  });
  const didNotRun = (reason: string): Row => row({ verdict: 'did not run', certain: true, finding: null, reason });
  const offer = scenario.needs === undefined ? undefined : run.servers.offer(scenario.needs);
  if (offer !== undefined && 'unavailable' in offer) return didNotRun(offer.unavailable);
  const findings: Finding[] = [];
  for (let n = 0; n < (scenario.processes ?? 1); n += 1) {
    const message = await runProcess(scenario, run);
    if ('cannotRun' in message) return didNotRun(message.cannotRun);
    findings.push(message.finding);
  }
  const finding = middleOf(findings);
  if (finding === undefined) throw new RangeError(`The scenario ${id} asks for no process.`);
  return row({ ...judge(bar, finding), finding });
};
