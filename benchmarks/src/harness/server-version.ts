import type { Offer } from '@es-internal/services/lease';
import { Client } from 'pg';

/** The version of the server that was measured, by its name; nothing where there was none. */
export const serverVersion = async (postgres: Offer | undefined): Promise<Readonly<Record<string, string>>> => {
  if (postgres === undefined || 'unavailable' in postgres) return {};
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return { PostgreSQL: (rows[0]?.server_version ?? 'unknown').split(' ')[0] ?? 'unknown' };
};
