import { createHash } from 'node:crypto';
import type { AmqpMessage } from './amqp-driver.ts';

/** More than ever come back to one process at once. What is forgotten is handled again. */
const capacity = 10_000;

/** What becomes of messages that the broker took back while they were in hand: most of them will be delivered again, here or elsewhere. */
export class EarlierDeliveries {
  /** Whether each was settled, by what identifies a message from one delivery to the next; the latest come last. */
  readonly #outcomes = new Map<string, Promise<boolean>>();

  /** A message was taken back; the promise says whether its handling came to an end all the same. */
  add(message: AmqpMessage, isSettled: Promise<boolean>): void {
    const key = keyOf(message);
    if (key === undefined) return;
    this.#outcomes.delete(key);
    this.#outcomes.set(key, isSettled);
    for (const oldest of this.#outcomes.keys()) {
      if (this.#outcomes.size <= capacity) break;
      this.#outcomes.delete(oldest);
    }
    void isSettled.then((settled) => {
      if (!settled && this.#outcomes.get(key) === isSettled) this.#outcomes.delete(key);
    });
  }

  /** Whether the earlier delivery of a message that comes again was settled; `undefined` where none is known. */
  take(message: AmqpMessage): Promise<boolean> | undefined {
    if (!message.fields.redelivered || this.#outcomes.size === 0) return undefined;
    const key = keyOf(message);
    if (key === undefined) return undefined;
    const isSettled = this.#outcomes.get(key);
    this.#outcomes.delete(key);
    return isSettled;
  }
}

/** Publishers that are not ours may use an id for more than one message, but then not with the same content. */
function keyOf({ content, properties: { messageId } }: AmqpMessage): string | undefined {
  return typeof messageId === 'string' ? `${createHash('sha256').update(content).digest('base64')} ${messageId}` : undefined;
}
