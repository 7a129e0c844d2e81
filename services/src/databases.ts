import { Client, DatabaseError, escapeIdentifier } from 'pg';

/** SQLSTATE of a database to which somebody is connected. */
const objectInUse = '55006';

const asAdmin = async <T>(url: string, action: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that breaks makes the query fail; without a listener the event of it would end the process, too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
};

/** The same server's URL with another database. */
export const urlOfDatabase = (url: string, name: string): string => {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
};

/**
 * Makes a database and answers its URL. `adminUrl` names a user who may, and any other database.
 *
 * @param template - a database to copy, to which nobody is connected; an empty one by default.
 */
export const createDatabase = async (adminUrl: string, name: string, template = 'template1'): Promise<string> => {
  await asAdmin(adminUrl, (client) => client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`));
  return urlOfDatabase(adminUrl, name);
};

/** Drops a database if it is there, and with it the connections to it. */
export const dropDatabase = (adminUrl: string, name: string): Promise<void> => dropDatabases(adminUrl, (other) => other === name);

/** Drops the databases whose name is one of those meant, and with them the connections to them. */
export const dropDatabases = (adminUrl: string, isMeant: (name: string) => boolean): Promise<void> =>
  asAdmin(adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE NOT datistemplate');
    for (const { datname } of rows) if (isMeant(datname)) await drop(client, `DROP DATABASE IF EXISTS ${escapeIdentifier(datname)}`);
  });

/**
 * Without force PostgreSQL itself waits some seconds for connections that are about to end: those of a pool end after its `end()` has resolved,
 * when nobody listens any more for what being cut off would tell them.
 */
const drop = async (client: Client, statement: string): Promise<void> => {
  try {
    await client.query(statement);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== objectInUse) throw error;
    await client.query(`${statement} WITH (FORCE)`);
  }
};
