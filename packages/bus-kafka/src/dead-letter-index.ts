import type { DeadLetter, DeadLetterFilter } from '@es/core';
import type { KafkaMessage } from './kafka-client.ts';

/** Where a letter is, and what it is found by. */
interface Entry {
  readonly offset: number;
  readonly source: string;
  readonly handler: string | undefined;
}

/** Which letters a topic holds and where: of each id the last record counts, and one without a value means that the letter is gone. */
export class DeadLetterIndex {
  readonly #entries = new Map<string, Entry>();
  /** Everything below this offset is in the index. */
  #next: number;

  constructor(start: number) {
    this.#next = start;
  }

  get next(): number {
    return this.#next;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  offsetOf(id: string): number | undefined {
    return this.#entries.get(id)?.offset;
  }

  /** The ids of the letters that match, in their order. */
  ids({ source, handler }: DeadLetterFilter): string[] {
    const ids: string[] = [];
    for (const [id, entry] of this.#entries) {
      if ((source === undefined || entry.source === source) && (handler === undefined || entry.handler === handler)) ids.push(id);
    }
    return ids.sort();
  }

  /** Reads a record on. What is no letter is passed over. */
  read(message: KafkaMessage): void {
    const id = message.key?.toString() ?? '';
    const letter = message.value === null ? undefined : letterIn(message);
    this.put(Number(message.offset), id, letter);
  }

  /** A record of this process, which need not be read if nobody else's came before it. */
  wrote(offset: number | undefined, id: string, letter: DeadLetter | undefined): void {
    if (offset === this.#next) this.put(offset, id, letter);
  }

  /** Everything below this offset has been read. */
  advance(next: number): void {
    this.#next = Math.max(this.#next, next);
  }

  put(offset: number, id: string, letter: DeadLetter | undefined): void {
    if (letter === undefined) this.#entries.delete(id);
    else this.#entries.set(id, { offset, source: letter.source, handler: letter.handler });
    this.advance(offset + 1);
  }
}

/** The letter in a record. */
export function letterIn({ key, value }: KafkaMessage): DeadLetter | undefined {
  try {
    const letter: DeadLetter | undefined = JSON.parse(value?.toString() ?? '');
    return letter?.id === key?.toString() ? letter : undefined;
  } catch {
    return undefined;
  }
}
