import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeFolder, startNative } from './native.ts';
import { postgres } from './postgres.ts';
import { lives, type ProcessMark, stopProcess } from './processes.ts';
import type { Service } from './service.ts';
import { type Workplace, workplaceOf } from './workplace.ts';

/** A PostgreSQL of one test's own, which may be stopped, broken and restarted without harm to others. */
export interface PrivatePostgres extends AsyncDisposable {
  /** As its superuser; the same before and after a restart. */
  readonly url: string;
  /** The folder of its files: `data` is its data directory. */
  readonly folder: string;
  /** Ends every session and stops in order; or, `'immediate'`, at once, so that the next start has to recover as after a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again on the same port, and resolves once it answers. */
  start(): Promise<void>;
}

/** What makes a private server different from the shared one. */
export interface PrivatePostgresOptions {
  /** Server settings, such as `{ max_prepared_transactions: '10' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const withSettings = (port: number, settings: Readonly<Record<string, string>>): Service => ({
  ...postgres,
  defaultPort: port,
  native: {
    ...postgres.native,
    prepare: async (site) => {
      const launch = await postgres.native.prepare(site);
      return { ...launch, args: [...launch.args, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])] };
    },
  },
});

const firstPort = 25_432;

/**
 * Starts a PostgreSQL with a fresh cluster, by programs of this machine. Its files go when it is disposed of; if this process ends before, the
 * server is stopped with it.
 *
 * @throws `ServiceUnavailable` if PostgreSQL is not installed here and can't be; `ServiceFailed` if it does not start.
 */
export const startPrivatePostgres = async ({ settings = {} }: PrivatePostgresOptions = {}): Promise<PrivatePostgres> => {
  const root = mkdtempSync(join(tmpdir(), 'es-postgres-'));
  chmodSync(root, 0o711);
  const workplace: Workplace = { ...workplaceOf({}), folder: root };
  let mark: ProcessMark | undefined;
  const atExit = (): void => {
    if (mark !== undefined && lives(mark)) process.kill(mark.pid, 'SIGQUIT');
  };
  process.once('exit', atExit);
  const start = async (port: number): Promise<{ url: string; port: number }> => {
    const started = await startNative(workplace, withSettings(port, settings), {});
    mark = started.process;
    return started;
  };
  const stop = async (mode: 'fast' | 'immediate' = 'fast'): Promise<void> => {
    if (mark !== undefined) await stopProcess(mark, mode === 'fast' ? postgres.native.stopSignals : ['SIGQUIT'], 20_000);
    mark = undefined;
  };
  const remove = (): void => {
    process.off('exit', atExit);
    rmSync(nativeFolder(workplace, postgres), { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
  };
  const { url, port } = await start(firstPort).catch((failure: unknown) => {
    remove();
    throw failure;
  });
  return {
    url,
    folder: nativeFolder(workplace, postgres),
    stop,
    start: async () => {
      if (mark === undefined) await start(port);
    },
    [Symbol.asyncDispose]: async () => {
      await stop('immediate');
      remove();
    },
  };
};
