import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Account } from './account.ts';
import { ServiceFailed } from './errors.ts';
import { markOf, type ProcessMark } from './processes.ts';

/** The end of a log, indented, for an error message. */
export const tailOf = (log: string, lines = 20): string => {
  const text = readFileSync(log, 'utf8').trimEnd();
  const tail = text === '' ? ['(nothing)'] : text.split('\n').slice(-lines);
  return [`The end of ${log}:`, ...tail.map((line) => `  | ${line}`)].join('\n');
};

/** What to run. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly account?: Account | undefined;
  /** Where its output goes, behind what is there. */
  readonly log: string;
}

/** A server that was started; it lives on when this process ends. */
export interface StartedProcess {
  /** Absent if it could not be run, or ended before it was told apart from others. */
  readonly mark: ProcessMark | undefined;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
}

const begin = ({ command, args, env, cwd, account, log }: Command, detached: boolean) => {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  try {
    return spawn(command, args, {
      ...account,
      cwd: cwd ?? dirname(log),
      env: env ?? process.env,
      detached,
      stdio: ['ignore', output, output],
    });
  } finally {
    closeSync(output);
  }
};

const endOf = (child: ReturnType<typeof begin>): Promise<{ readonly ok: boolean; readonly how: string }> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, how: `could not be run: ${error.message}` }));
    child.once('exit', (code, signal) =>
      resolve({ ok: code === 0, how: signal === null ? `ended with status ${code}` : `was ended by ${signal}` }),
    );
  });

/** Starts a server in the background, in a session of its own. */
export const startProcess = (command: Command): StartedProcess => {
  const child = begin(command, true);
  const ended = endOf(child).then(({ how }) => how);
  child.unref();
  return { mark: child.pid === undefined ? undefined : markOf(child.pid), ended };
};

/** Runs a command to its end; answers how it failed, or undefined. */
export const tryCommand = async (command: Command): Promise<string | undefined> => {
  const { ok, how } = await endOf(begin(command, false));
  return ok ? undefined : `${[command.command, ...command.args].join(' ')} ${how}`;
};

/**
 * Runs a command to its end.
 *
 * @throws {@link ServiceFailed} with the end of its output if it fails.
 */
export const runCommand = async (command: Command): Promise<void> => {
  const failed = await tryCommand(command);
  if (failed !== undefined) throw new ServiceFailed(`${failed}.\n${tailOf(command.log)}`);
};
