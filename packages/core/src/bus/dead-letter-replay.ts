import { currentTraceContext } from '@es/otel';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import { rawBody } from '../dead-letter/dead-letter-content.ts';
import type { DeadLetterStore } from '../dead-letter/dead-letter-store.ts';
import { throwIfAborted } from '../errors/aborted-error.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import type { DomainEvent } from '../events/event.ts';
import { uuidV7 } from '../events/uuid-v7.ts';
import { decodeMessage } from './decode-message.ts';
import { Delivery } from './delivery.ts';
import type { ReplayDeadLettersOptions, ReplayOutcome, ReplayReport } from './event-bus.ts';
import type { EventTransport } from './event-transport.ts';

/** What a replay works with. */
export interface DeadLetterReplayParts {
  readonly store: DeadLetterStore;
  readonly transport: EventTransport;
  /** Handles a delivery in its turn; it then says how it ended. */
  readonly deliver: (delivery: Delivery) => Promise<void>;
}

/** Handles dead letters again. A letter is removed only after that has succeeded, so an interruption loses none. */
export class DeadLetterReplay {
  readonly #parts: DeadLetterReplayParts;

  constructor(parts: DeadLetterReplayParts) {
    this.#parts = parts;
  }

  async one(id: string, options: OperationOptions): Promise<ReplayOutcome> {
    const letter = await this.#parts.store.get(id, options);
    if (letter?.source !== this.#source) return { status: 'not-found' };
    return this.#replay(letter, options);
  }

  async all({ handler, signal }: ReplayDeadLettersOptions): Promise<ReplayReport> {
    const counts = { handled: 0, failed: 0, 'no-handler': 0 };
    for await (const letter of this.#letters({
      ...(handler === undefined ? {} : { handler }),
      ...(signal === undefined ? {} : { signal }),
    })) {
      throwIfAborted(signal, 'replayDeadLetters');
      const { status } = await this.#replay(letter, {});
      if (status !== 'not-found') counts[status] += 1;
    }
    return { handled: counts.handled, failed: counts.failed, noHandler: counts['no-handler'] };
  }

  get #source(): string {
    return this.#parts.transport.description.deadLetterSource;
  }

  /** Those that exist now; what fails meanwhile is for another time. */
  async *#letters(options: ReplayDeadLettersOptions): AsyncGenerator<DeadLetter, void> {
    const end = uuidV7();
    let after = '';
    for (;;) {
      const page = await this.#parts.store.list({ ...options, source: this.#source, after });
      for (const letter of page) {
        if (letter.id > end) return;
        yield letter;
        after = letter.id;
      }
      if (page.length === 0) return;
    }
  }

  async #replay(letter: DeadLetter, options: OperationOptions): Promise<ReplayOutcome> {
    const { content, destination, headers } = letter;
    const { deliver, store, transport } = this.#parts;
    const message = { route: { destination }, headers, body: content.kind === 'raw' ? rawBody(content) : '' };
    const read = (): DomainEvent => (content.kind === 'event' ? content.event : decodeMessage(transport, message));
    const delivery = new Delivery(message, read, { replay: { letter, by: currentTraceContext() } });
    await deliver(delivery);
    const { outcome, hasSucceeded } = delivery;
    if (outcome?.status !== 'failed' && !hasSucceeded) return { status: 'no-handler' };
    // A letter without a handler may have become letters of the handlers that it could be given to now.
    const isKept = outcome?.status === 'failed' && outcome.letters.some(({ id }) => id === letter.id);
    if (!isKept) await store.remove(letter.id, options);
    return outcome ?? { status: 'handled' };
  }
}
