import type { PostgresConnection } from './postgres-connection.ts';

/** An open connection that listens. */
interface Listening {
  /** Ends it, if that has not happened yet. */
  end(): void;
}

/** Listens for appends of all processes on a connection of its own, for as long as it is open. */
export class AppendListener {
  readonly #connection: PostgresConnection;
  readonly #onAppend: () => void;
  #listening: Promise<Listening | undefined> | undefined;

  /** @param onAppend - Called on each announcement, and once when it begins to listen: what came before was missed. */
  constructor(connection: PostgresConnection, onAppend: () => void) {
    this.#connection = connection;
    this.#onAppend = onAppend;
  }

  /** Begins to listen, unless it does already; in the background, and again after the connection was lost. */
  start(): void {
    this.#listening ??= this.#listen();
  }

  /** Ends the connection: what it listened to and locked goes with it. */
  async stop(): Promise<void> {
    const listening = await this.#listening;
    this.#listening = undefined;
    listening?.end();
  }

  async #listen(): Promise<Listening | undefined> {
    const { channel, locks } = this.#connection.names;
    let end = (): void => undefined;
    try {
      const client = await this.#connection.connect();
      end = once(() => client.release(true));
      client.on('error', (error) => {
        end();
        this.#listening = undefined;
        this.#connection.logger.debug({ reason: error?.message }, 'the connection that listens for appends was lost; polling goes on');
      });
      client.on('notification', this.#onAppend);
      await client.query({ text: `LISTEN ${channel}` });
      // Its holders are how appends know that somebody listens.
      await client.query({ text: `SELECT pg_advisory_lock_shared(${locks.listeners})` });
      this.#onAppend();
      return { end };
    } catch (error) {
      end();
      this.#listening = undefined;
      this.#connection.logger.debug({ reason: String(error) }, 'can’t listen for appends; polling goes on');
      return undefined;
    }
  }
}

/** A connection can be given back only once, but it may be lost and let go of at the same time. */
function once(fn: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    fn();
  };
}
