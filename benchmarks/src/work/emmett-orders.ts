import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CannotRun } from '../harness/bench.ts';
import type { LoadedOrder } from './loading.ts';
import { addLine, aggregateType, emptyOrder, eventType, type Line, type OrderState, totalOf } from './order.ts';
import type { Synchronous } from './raw-orders.ts';
import type { SavedOrder } from './saving.ts';

/*
 * emmett is no dependency of this repository (its packages name no licence, and it needs sqlite3, which compiles for minutes where no binary
 * can be downloaded): these are the parts of it that are used here, in their shape.
 */
interface EmmettEvent {
  readonly type: string;
  readonly data: Line;
}

interface EmmettStore {
  appendToStream(
    stream: string,
    events: readonly EmmettEvent[],
    options: { readonly expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' },
  ): Promise<{ readonly nextExpectedStreamVersion: bigint }>;
  aggregateStream<State>(
    stream: string,
    options: { readonly evolve: (state: State, event: EmmettEvent) => State; readonly initialState: () => State },
  ): Promise<{ readonly state: State; readonly currentStreamVersion: bigint }>;
}

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

const packageName = '@event-driven-io/emmett-sqlite';
const peersFolder = fileURLToPath(new URL('../../peers/package.json', import.meta.url));

const streamName = (id: string): string => `${aggregateType}-${id}`;

/** @throws {@link CannotRun} where emmett is not installed, or its driver does not load. */
const loadEmmett = async (): Promise<EmmettSqlite> => {
  try {
    const path = createRequire(peersFolder).resolve(packageName);
    const module = (await import(pathToFileURL(path).href)) as EmmettSqlite | { readonly default: EmmettSqlite };
    return 'default' in module ? module.default : module;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new CannotRun(`${packageName} could not be loaded (${reason}); \`pnpm --filter ./benchmarks peers\` installs it.`);
  }
};

/** The same aggregate with emmett's SQLite event store, on one connection that stays open: with its default, a connection a call, it is slower. */
export class EmmettOrders {
  readonly #store: EmmettStore;
  readonly #connection: EmmettConnection;

  private constructor(store: EmmettStore, connection: EmmettConnection) {
    this.#store = store;
    this.#connection = connection;
  }

  static async open(fileName: string, synchronous: Synchronous): Promise<EmmettOrders> {
    const { sqliteConnection, getSQLiteEventStore } = await loadEmmett();
    const connection = sqliteConnection({ fileName });
    // Its connection sets WAL by itself.
    await connection.command(`PRAGMA synchronous = ${synchronous}`);
    return new EmmettOrders(getSQLiteEventStore({ fileName, connectionOptions: { singleton: true, connection } }), connection);
  }

  readonly save = async (id: string, lines: readonly Line[]): Promise<SavedOrder> => {
    const events = lines.map((data) => ({ type: eventType, data }));
    const { nextExpectedStreamVersion } = await this.#store.appendToStream(streamName(id), events, {
      expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
    });
    return { version: Number(nextExpectedStreamVersion), total: totalOf(lines) };
  };

  readonly load = async (id: string): Promise<LoadedOrder> => {
    const { state, currentStreamVersion } = await this.#store.aggregateStream<OrderState>(streamName(id), {
      evolve: (order, { data }) => addLine(order, data),
      initialState: () => emptyOrder,
    });
    return { version: Number(currentStreamVersion), state };
  };

  close(): void {
    this.#connection.close();
  }
}
