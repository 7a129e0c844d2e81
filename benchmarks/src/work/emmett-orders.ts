import { type EmmettStore, saveAndLoad } from './emmett-store.ts';
import { loadPeer } from './load-peer.ts';
import type { LoadOrder } from './loading.ts';
import type { Synchronous } from './raw-orders.ts';
import type { SaveOrder } from './saving.ts';

interface EmmettConnection {
  command(sql: string): Promise<unknown>;
  query<Row>(sql: string): Promise<readonly Row[]>;
  close(): void;
}

interface EmmettSqlite {
  sqliteConnection(options: { readonly fileName: string }): EmmettConnection;
  getSQLiteEventStore(options: {
    readonly fileName: string;
    readonly connectionOptions: { readonly singleton: true; readonly connection: EmmettConnection };
  }): EmmettStore;
}

/** The same aggregate with one of emmett's event stores. */
export interface EmmettOrders {
  readonly save: SaveOrder;
  readonly load: LoadOrder;
  readonly close: () => Promise<void> | void;
}

/** With that on SQLite, on one connection that stays open: with its default, a connection a call, it is slower. */
export const openEmmettOnSqlite = async (fileName: string, synchronous: Synchronous): Promise<EmmettOrders> => {
  const { sqliteConnection, getSQLiteEventStore } = await loadPeer<EmmettSqlite>('@event-driven-io/emmett-sqlite');
  const connection = sqliteConnection({ fileName });
  // Its connection sets WAL by itself.
  await connection.command(`PRAGMA synchronous = ${synchronous}`);
  const store = getSQLiteEventStore({ fileName, connectionOptions: { singleton: true, connection } });
  return { ...saveAndLoad(store), close: () => connection.close() };
};

interface EmmettPostgres {
  getPostgreSQLEventStore(connectionString: string): EmmettStore & { close(): Promise<void> };
}

/** With that on PostgreSQL, as it is by default: with a pool of pg. */
export const openEmmettOnPostgres = async (url: string): Promise<EmmettOrders> => {
  const { getPostgreSQLEventStore } = await loadPeer<EmmettPostgres>('@event-driven-io/emmett-postgresql');
  const store = getPostgreSQLEventStore(url);
  return { ...saveAndLoad(store), close: () => store.close() };
};
