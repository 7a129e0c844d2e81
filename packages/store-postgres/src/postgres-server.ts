import { Client } from 'pg';
import type { PostgresPool } from './postgres-pool.ts';

/** Which database a pool leads to, as far as that is known without asking. */
export interface PostgresServer {
  readonly database: string | undefined;
  readonly address: string | undefined;
  /** `undefined` for a socket in the file system. */
  readonly port: number | undefined;
  /** For messages; without user and password. */
  readonly text: string;
}

/** Reads a pool's options as pg itself does, with the environment's defaults. */
export function serverOf(pool: PostgresPool): PostgresServer {
  try {
    // A client that is not connected knows where it would connect to.
    const { host: address, port, database } = new Client(pool.options);
    const isSocket = address.startsWith('/');
    return {
      database,
      address,
      port: isSocket ? undefined : port,
      text: `${database} at ${isSocket ? address : `${address}:${port}`}`,
    };
  } catch {
    return { database: undefined, address: undefined, port: undefined, text: 'PostgreSQL' };
  }
}

/** Tells whether OpenTelemetry's instrumentation of pg makes a span for each query already. */
export function isInstrumented(pool: PostgresPool): boolean {
  const { query } = Client.prototype;
  const own: unknown = 'Client' in pool && typeof pool.Client === 'function' ? pool.Client.prototype : undefined;
  return isWrapped(query) || (typeof own === 'object' && own !== null && 'query' in own && isWrapped(own.query));
}

/** Instrumentations leave a mark on what they wrap. */
function isWrapped(method: unknown): boolean {
  return typeof method === 'function' && '__wrapped' in method && method.__wrapped === true;
}
