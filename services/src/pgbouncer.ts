import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceFailed } from './errors.ts';
import { type Installation, installPackages } from './install.ts';
import { isRefused, postgres, probePostgres } from './postgres.ts';
import { folderOfPrograms } from './programs.ts';
import type { Launch, NativeSite, Service } from './service.ts';

const installation: Installation = {
  title: 'PgBouncer',
  variable: 'ES_PGBOUNCER_URL',
  packages: { 'apt-get': 'pgbouncer', dnf: 'pgbouncer', apk: 'pgbouncer', brew: 'pgbouncer' },
};

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const prepare = async ({ programs, folder, port, account, needs }: NativeSite): Promise<Launch> => {
  const behind = needs[postgres.name];
  if (behind === undefined) throw new ServiceFailed('PgBouncer needs a PostgreSQL to stand before.');
  const { username, password, hostname, port: behindPort, pathname } = new URL(behind);
  const configuration = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'userlist.txt');
  const files = {
    [users]: `${quoted(decodeURIComponent(username))} ${quoted(decodeURIComponent(password))}\n`,
    [configuration]: `[databases]
* = host=${hostname} port=${behindPort === '' ? 5432 : behindPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
admin_users = ${decodeURIComponent(username)}
pool_mode = transaction
max_client_conn = 500
default_pool_size = 20
ignore_startup_parameters = extra_float_digits
server_login_retry = 1
`,
  };
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(file, content, { mode: 0o600 });
    if (account !== undefined) chownSync(file, account.uid, account.gid);
  }
  return {
    command: join(programs, 'pgbouncer'),
    args: [configuration],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    url: `postgres://${username}:${password}@127.0.0.1:${port}${pathname}`,
  };
};

/** PgBouncer in transaction mode before PostgreSQL: the pooler under which `LISTEN`, session settings and advisory locks don't hold. */
export const pgbouncer: Service = {
  name: 'pgbouncer',
  variable: installation.variable,
  defaultPort: 16_432,
  needs: [postgres],
  probe: probePostgres,
  isHopeless: isRefused,
  composeUrl: postgres.composeUrl,
  native: {
    account: 'postgres',
    find: () => folderOfPrograms(['pgbouncer'], ['/usr/sbin', '/opt/homebrew/bin', '/usr/local/bin']),
    install: (workplace) => installPackages(workplace, installation),
    prepare,
    // At once: the orderly shutdown of SIGINT would wait for clients.
    stopSignals: ['SIGTERM', 'SIGKILL'],
  },
};
