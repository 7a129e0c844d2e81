import { askManagement } from '@es-internal/services/rabbitmq-management';
import { Client } from 'pg';
import type { Need, RunServers } from './run-servers.ts';

const versionOfPostgres = async (url: string): Promise<string | undefined> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return rows[0]?.server_version.split(' ')[0];
};

const versionOfRabbitMQ = async (url: string): Promise<string | undefined> => {
  const overview = (await askManagement(url, 'GET', 'overview')) as { readonly rabbitmq_version?: string };
  return overview.rabbitmq_version;
};

const measured: Readonly<Partial<Record<Need, readonly [name: string, versionOf: (url: string) => Promise<string | undefined>]>>> = {
  postgres: ['PostgreSQL', versionOfPostgres],
  rabbitmq: ['RabbitMQ', versionOfRabbitMQ],
};

/** The versions of the servers that were measured and say theirs, by name; nothing of those that were not there. */
export const serverVersions = async (servers: RunServers): Promise<Readonly<Record<string, string>>> => {
  const versions: Record<string, string> = {};
  for (const [need, [name, versionOf]] of Object.entries(measured)) {
    const offer = servers.offer(need as Need);
    if (offer !== undefined && 'url' in offer) versions[name] = (await versionOf(offer.url)) ?? 'unknown';
  }
  return versions;
};
