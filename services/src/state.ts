import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessMark } from './processes.ts';
import type { Workplace } from './workplace.ts';

/** What is known about a server that was started from here. */
export interface RunningState {
  readonly engine: 'native' | 'docker';
  readonly url: string;
  /** Tells it from a stranger, where its URL does not. */
  readonly identity?: string | undefined;
  readonly port: number;
  /** The URLs that it was started with of the services that it needs. */
  readonly needs: Readonly<Record<string, string>>;
  /** The server's process; for the Docker engine there is none of ours. */
  readonly process?: ProcessMark;
  /** Whether a person asked for it, so that it stays when the tests that use it have ended. */
  readonly keep: boolean;
}

/** The folder of a service's state, log and, if its account gets there, data. */
export const folderOf = (workplace: Workplace, service: string): string => join(workplace.folder, service);

/** The file that a native server, an installation or an engine writes to. */
export const logOf = (workplace: Workplace, service: string): string => join(folderOf(workplace, service), `${service}.log`);

const stateFile = (workplace: Workplace, service: string): string => join(folderOf(workplace, service), 'state.json');

export const readState = (workplace: Workplace, service: string): RunningState | undefined => {
  try {
    return JSON.parse(readFileSync(stateFile(workplace, service), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Written whole or not at all, and for its owner alone: it has the server's password. */
export const writeState = (workplace: Workplace, service: string, state: RunningState): void => {
  const file = stateFile(workplace, service);
  mkdirSync(folderOf(workplace, service), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

export const removeState = (workplace: Workplace, service: string): void => rmSync(stateFile(workplace, service), { force: true });
