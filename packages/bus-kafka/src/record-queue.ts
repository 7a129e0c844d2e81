import type { PublishFailure } from '@es/core';
import type { KafkaRecord, KafkaTopicRecords } from './kafka-client.ts';
import { sizeOf } from './records.ts';

/** Who wants to know what became of records, by their indexes. */
export interface Settlement {
  /** Whether nobody waits any more. */
  readonly isOver: boolean;
  /** @param offset - Where the record is, if the broker said so. */
  confirm(index: number, offset: number | undefined): void;
  fail(index: number, failure: PublishFailure): void;
  /** The broker can't be worked with at all. */
  refuse(error: Error): void;
}

/** A record on its way. */
export interface QueuedRecord {
  readonly topic: string;
  readonly record: KafkaRecord;
  readonly index: number;
  readonly settlement: Settlement;
}

/**
 * How many bytes go into one request: brokers take 1,048,588 for the records of a partition by default (`message.max.bytes`), and all of a
 * request may belong to one. A single record may be larger.
 */
const requestBytes = 900_000;

/** Records in the order in which they are to be sent, taken from it by the request. */
export class RecordQueue {
  readonly #atomic: boolean;
  #groups: (readonly QueuedRecord[])[] = [];

  /** @param atomic - Whether records that were added together go together: none of them without the others. */
  constructor(atomic: boolean) {
    this.#atomic = atomic;
  }

  get isEmpty(): boolean {
    return this.#groups.length === 0;
  }

  add(records: readonly QueuedRecord[]): void {
    if (this.#atomic) this.#groups.push(records);
    else for (const record of records) this.#groups.push([record]);
  }

  /** The next records that fit into a request, at least one group of them, without those that nobody waits for any more. */
  take(): (readonly QueuedRecord[])[] {
    const taken: (readonly QueuedRecord[])[] = [];
    let bytes = 0;
    let index = 0;
    for (; index < this.#groups.length; index += 1) {
      const group = this.#groups[index] ?? [];
      if (group.every(({ settlement }) => settlement.isOver)) continue;
      for (const { record } of group) bytes += sizeOf(record);
      if (taken.length > 0 && bytes > requestBytes) break;
      taken.push(group);
    }
    this.#groups = this.#groups.slice(index);
    return taken;
  }

  /** Everything that is left. */
  drain(): readonly QueuedRecord[] {
    const left = this.#groups.flat();
    this.#groups = [];
    return left;
  }
}

/** Records as requests want them: as many requests as their size needs. */
export function requestsOf(records: readonly Pick<QueuedRecord, 'topic' | 'record'>[]): KafkaTopicRecords[][] {
  const requests: Map<string, KafkaRecord[]>[] = [];
  let topics = new Map<string, KafkaRecord[]>();
  let bytes = requestBytes;
  for (const { topic, record } of records) {
    bytes += sizeOf(record);
    if (bytes > requestBytes) {
      topics = new Map();
      requests.push(topics);
      bytes = sizeOf(record);
    }
    const messages = topics.get(topic);
    if (messages === undefined) topics.set(topic, [record]);
    else messages.push(record);
  }
  return requests.map((request) => [...request].map(([topic, messages]) => ({ topic, messages })));
}
