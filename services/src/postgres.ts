import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Installation, installPackages } from './install.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';
import type { Launch, NativeSite, Service } from './service.ts';

const installation: Installation = {
  title: 'PostgreSQL',
  variable: 'ES_POSTGRES_URL',
  packages: { 'apt-get': 'postgresql', dnf: 'postgresql-server', apk: 'postgresql', brew: 'postgresql@17' },
};

const programFolders = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
];

/** Connects, asks the server something, and goes. */
export const probePostgres = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A connection that breaks makes the query fail; without a listener the event of it would end the process, too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
};

/** SQLSTATE class 28 is a refused login, 3D an unknown database. */
export const isRefused = (failure: unknown): boolean =>
  failure instanceof Error && 'code' in failure && typeof failure.code === 'string' && /^(28|3D)/.test(failure.code);

/** The messages and the sort order of a server must not depend on who starts it. */
const serverEnv = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C' });

/** Makes the cluster once; its superuser `postgres` gets a password, since anyone on this machine can connect to a loopback port. */
const makeCluster = async ({ programs, folder, account }: NativeSite): Promise<string> => {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  if (existsSync(data)) return readFileSync(passwordFile, 'utf8').trim();
  const password = randomBytes(12).toString('hex');
  const draft = join(folder, 'data.new');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
  await runCommand({
    command: join(programs, 'initdb'),
    args: ['-D', draft, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C'],
    env: serverEnv(),
    account,
    log: join(folder, 'initdb.log'),
  });
  renameSync(draft, data);
  return password;
};

const prepare = async (site: NativeSite): Promise<Launch> => {
  const password = await makeCluster(site);
  const settings = [
    'listen_addresses=127.0.0.1',
    // A socket's path may have about a hundred characters, which a checkout's folder can exceed.
    'unix_socket_directories=',
    'max_connections=300',
  ];
  return {
    command: join(site.programs, 'postgres'),
    args: ['-D', join(site.folder, 'data'), '-p', String(site.port), ...settings.flatMap((setting) => ['-c', setting])],
    env: serverEnv(),
    url: `postgres://postgres:${password}@127.0.0.1:${site.port}/postgres`,
  };
};

/**
 * PostgreSQL with the durability that it has by default: `fsync` and `synchronous_commit` stay on, since tests of what survives a
 * crash, and benchmarks, would say nothing without them.
 */
export const postgres: Service = {
  name: 'postgres',
  variable: installation.variable,
  defaultPort: 15_432,
  needs: [],
  probe: probePostgres,
  isHopeless: isRefused,
  composeUrl: (port) => `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
  native: {
    account: 'postgres',
    find: () => folderOfPrograms(['postgres', 'initdb'], programFolders),
    install: (workplace) => installPackages(workplace, installation),
    prepare,
    // A fast shutdown: sessions are ended, transactions rolled back, everything written. Then an immediate one, as after a crash.
    stopSignals: ['SIGINT', 'SIGQUIT', 'SIGKILL'],
  },
};
