import { postgres } from './postgres.ts';
import { startPrivateServer } from './private-server.ts';

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

const firstPort = 25_432;

const immediate = 'SIGQUIT';

/**
 * Starts a PostgreSQL with a fresh cluster, by programs of this machine. Its files go when it is disposed of; if this process ends before, the
 * server is stopped with it.
 *
 * @throws `ServiceUnavailable` if PostgreSQL is not installed here and can't be; `ServiceFailed` if it does not start.
 */
export const startPrivatePostgres = async ({ settings = {} }: PrivatePostgresOptions = {}): Promise<PrivatePostgres> => {
  const server = await startPrivateServer(
    {
      ...postgres,
      defaultPort: firstPort,
      native: {
        ...postgres.native,
        prepare: async (site) => {
          const launch = await postgres.native.prepare(site);
          return { ...launch, args: [...launch.args, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])] };
        },
      },
    },
    immediate,
  );
  return { ...server, stop: (mode = 'fast') => server.stop(mode === 'fast' ? undefined : [immediate]) };
};
