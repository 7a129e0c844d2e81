import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ServiceFailed } from './errors.ts';
import { eventually } from './wait.ts';

/** A process, told apart from a later one that was given the same id. */
export interface ProcessMark {
  readonly pid: number;
  /** When it was started, in the words of the operating system. */
  readonly started: string;
}

const linuxStart = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; what follows the last parenthesis is fixed.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return state === 'Z' || state === 'X' ? undefined : `${boot} ${rest[18]}`;
  } catch {
    return undefined;
  }
};

const otherStart = (pid: number): string | undefined => {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [state, ...started] = (stdout ?? '').trim().split(/\s+/);
  return status !== 0 || state === undefined || state.startsWith('Z') ? undefined : started.join(' ');
};

/** The mark of a living process; undefined if there is none of this id (one that has ended, but was not reaped yet, included). */
export const markOf = (pid: number): ProcessMark | undefined => {
  const started = process.platform === 'linux' ? linuxStart(pid) : otherStart(pid);
  return started === undefined || started === '' ? undefined : { pid, started };
};

/** Whether the very process that was marked still lives. */
export const lives = ({ pid, started }: ProcessMark): boolean => markOf(pid)?.started === started;

/**
 * Stops the marked process, and only that one, with one signal after the other until it is gone.
 *
 * @throws {@link ServiceFailed} if it survives them all.
 */
export const stopProcess = async (mark: ProcessMark, signals: readonly NodeJS.Signals[], patienceMs: number): Promise<void> => {
  for (const signal of signals) {
    if (!lives(mark)) return;
    process.kill(mark.pid, signal);
    const gone = eventually(
      async () => {
        if (lives(mark)) throw new ServiceFailed(`Process ${mark.pid} is still there after ${signals.join(', ')}.`);
      },
      { timeoutMs: patienceMs },
    );
    if (signal === signals.at(-1)) await gone;
    else if (
      await gone.then(
        () => true,
        () => false,
      )
    )
      return;
  }
};
