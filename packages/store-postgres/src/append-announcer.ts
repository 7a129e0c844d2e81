import type { PostgresConnection, Statement } from './postgres-connection.ts';

/* Someone who listens is woken at once after a quiet time, and about so often under load. */
const shortestGapMs = 10;

/**
 * Tells those who listen that something was appended: by a `NOTIFY` in a transaction of its own, one for many appends. As part of the appends'
 * transactions it would make all commits of the server wait for one another.
 */
export class AppendAnnouncer {
  readonly #connection: PostgresConnection;
  readonly #statement: Statement;
  #isBusy = false;
  #isDue = false;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
    // It need not survive a crash, since then nobody listens any more.
    this.#statement = {
      name: 'es_notify',
      text: `SELECT set_config('synchronous_commit', 'off', true), pg_notify(${connection.names.channelText}, '')`,
    };
  }

  /** Announces soon. A failure is no harm: whoever listens also polls. */
  announce(): void {
    this.#isDue = true;
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    this.#isDue = false;
    try {
      await this.#connection.query('announce', this.#statement);
    } catch (error) {
      this.#connection.logger.debug({ err: error }, 'an append could not be announced; whoever waits for it polls');
    }
    setTimeout(() => {
      this.#isBusy = false;
      if (this.#isDue) void this.#run();
    }, shortestGapMs).unref();
  }
}
