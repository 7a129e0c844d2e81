import { type DeadLetter, throwIfAborted } from '@es/core';
import type { AmqpMessage } from './amqp-driver.ts';
import type { LetterScan } from './letter-scan.ts';
import { LetterSession } from './letter-session.ts';
import type { RabbitMQConnection } from './rabbitmq-connection.ts';

/** How long the letters stay in hand for whoever removes what they have just read, in milliseconds. */
const lingerMs = 250;

/** What a desk works with. */
export interface LetterDeskParts {
  readonly connection: RabbitMQConnection;
  readonly queue: string;
  readonly timeoutMs: number;
  readonly read: (message: AmqpMessage) => DeadLetter;
  /** Puts a marker behind all letters, confirmed. */
  readonly mark: (id: string) => Promise<void>;
}

/** What somebody wants to know of the letters. */
export interface LetterView<Result> {
  /** Is shown every letter. */
  visit(letter: DeadLetter): void;
  result(scan: LetterScan): Promise<Result>;
}

/** Where the letters of a queue are looked at, one reader after another. */
export class LetterDesk {
  readonly #parts: LetterDeskParts;
  #turn: Promise<unknown> = Promise.resolve();
  /** What was looked at last, if its letters are still in hand. */
  #kept: { readonly session: LetterSession; readonly timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(parts: LetterDeskParts) {
    this.#parts = parts;
  }

  /** @param start - Begins a view; again when the letters have to be looked at once more. */
  look<Result>(signal: AbortSignal | undefined, start: () => LetterView<Result>): Promise<Result> {
    return this.#inTurn(() => this.#look(signal, start));
  }

  /** Removes a letter; at once if it was among those just looked at. */
  remove(id: string, signal: AbortSignal | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const isInHand = await this.#kept?.session.scan.remove(id).catch(() => false);
      return isInHand === true || this.#look(signal, () => ({ visit: () => undefined, result: (scan) => scan.remove(id) }));
    });
  }

  /** Gives the letters back, after those who are still waiting for their turn. */
  async close(): Promise<void> {
    await this.#inTurn(() => this.#letGo());
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #look<Result>(signal: AbortSignal | undefined, start: () => LetterView<Result>): Promise<Result> {
    await this.#letGo();
    const { connection, timeoutMs } = this.#parts;
    for (;;) {
      throwIfAborted(signal, 'Looking at dead letters');
      const session = await LetterSession.begin({ ...this.#parts, connection: await connection.open() }, timeoutMs, signal);
      const view = start();
      try {
        if (await session.scan.run((letter) => view.visit(letter))) {
          const result = await view.result(session.scan);
          this.#keep(session);
          return result;
        }
      } catch (error) {
        await session.end().catch(() => undefined);
        throw error;
      }
      await session.end();
    }
  }

  #keep(session: LetterSession): void {
    const timer = setTimeout(() => void this.close(), lingerMs);
    this.#kept = { session, timer };
  }

  async #letGo(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined) return;
    clearTimeout(kept.timer);
    // If the connection is gone, the broker has them back already.
    await kept.session.end().catch(() => undefined);
  }
}
