import type { PostgresConnection } from './postgres-connection.ts';
import type { PostgresPoolClient } from './postgres-pool.ts';

/** Listens for appends of all processes on a connection of its own, for as long as it is open. */
export class AppendListener {
  readonly #connection: PostgresConnection;
  readonly #onAppend: () => void;
  #client: Promise<PostgresPoolClient | undefined> | undefined;

  /** @param onAppend - Called on each announcement, and once when it begins to listen: what came before was missed. */
  constructor(connection: PostgresConnection, onAppend: () => void) {
    this.#connection = connection;
    this.#onAppend = onAppend;
  }

  /** Begins to listen, unless it does already; in the background, and again after the connection was lost. */
  start(): void {
    this.#client ??= this.#listen();
  }

  /** Ends the connection: what it listened to and locked goes with it. */
  async stop(): Promise<void> {
    const client = await this.#client;
    this.#client = undefined;
    client?.release(true);
  }

  async #listen(): Promise<PostgresPoolClient | undefined> {
    const { channel, locks } = this.#connection.names;
    try {
      const client = await this.#connection.connect();
      const lose = (error?: Error): void => {
        if (this.#client === undefined) return;
        this.#client = undefined;
        this.#connection.logger.debug({ reason: error?.message }, 'the connection that listens for appends was lost; polling goes on');
        client.release(true);
      };
      client.on('error', lose);
      client.on('notification', this.#onAppend);
      await client.query({ text: `LISTEN ${channel}` });
      // Its holders are how appends know that somebody listens.
      await client.query({ text: `SELECT pg_advisory_lock_shared(${locks.listeners})` });
      this.#onAppend();
      return client;
    } catch (error) {
      this.#client = undefined;
      this.#connection.logger.debug({ err: error }, 'can’t listen for appends; polling goes on');
      return undefined;
    }
  }
}
