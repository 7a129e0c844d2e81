import { backoffDelay, delay, type PublishFailure, type RetryPolicy } from '@es/core';
import { type Logger, ROOT_CONTEXT, withContext } from '@es/otel';
import type { ConnectionWatch } from './connection-watch.ts';
import type { KafkaRecordMetadata } from './kafka-client.ts';
import { explainFailure, isUnknownTopic, judgeSend, type SendVerdict } from './kafka-failure.ts';
import type { ProducerSession } from './producer-session.ts';
import { type QueuedRecord, RecordQueue, requestsOf } from './record-queue.ts';
import { settledWithin } from './settled-within.ts';
import type { Topics } from './topics.ts';

/** What a sender works with. */
export interface RecordSenderParts {
  readonly session: ProducerSession;
  readonly topics: Topics;
  readonly watch: ConnectionWatch;
  readonly logger: Logger;
  /** The cluster, for messages. */
  readonly place: string;
  readonly reconnect: RetryPolicy;
  /** Whether the records of one call are sent in one transaction. */
  readonly transactional: boolean;
}

type Groups = readonly (readonly QueuedRecord[])[];

/** For how long closing waits for what is on its way. */
const closingMs = 1_000;

const stopped: PublishFailure = {
  code: 'ES_PUBLISH_UNCONFIRMED',
  reason: 'the bus was stopped before the broker had confirmed, which may have them or not. Publish them again.',
};

/**
 * Sends records, one request after another; whatever comes while one is on its way goes with the next. Each record succeeds or fails by itself, and
 * what the broker can't be given at the moment is tried again for as long as anyone waits for it.
 */
export class RecordSender {
  readonly #parts: RecordSenderParts;
  readonly #queue: RecordQueue;
  readonly #closing = new AbortController();
  #flight: Promise<void> | undefined;
  #inFlight: readonly QueuedRecord[] = [];

  constructor(parts: RecordSenderParts) {
    this.#parts = parts;
    this.#queue = new RecordQueue(parts.transactional);
  }

  /** Puts records into line. */
  send(records: readonly QueuedRecord[]): void {
    this.#queue.add(records);
    this.#flight ??= withContext(ROOT_CONTEXT, () => this.#fly());
  }

  /** Gives what is on its way a little time, then fails it. */
  async close(): Promise<void> {
    await settledWithin([this.#flight], closingMs);
    this.#closing.abort();
    failAll([...this.#inFlight, ...this.#queue.drain()], stopped);
    await this.#parts.session.close();
  }

  async #fly(): Promise<void> {
    // Those who publish in the same turn go together.
    await Promise.resolve();
    while (!this.#queue.isEmpty) {
      const groups = this.#queue.take();
      this.#inFlight = groups.flat();
      await this.#deliver(groups);
    }
    this.#inFlight = [];
    this.#flight = undefined;
  }

  /** Brings records to their end. The same records are tried again by the same producer, by which the broker knows them for the same. */
  async #deliver(groups: Groups): Promise<void> {
    const records = groups.flat();
    let isUncertain = false;
    for (let attempt = 1; records.some(({ settlement }) => !settlement.isOver); attempt += 1) {
      try {
        confirmAll(records, await this.#send(records));
        this.#parts.watch.established();
        return;
      } catch (error) {
        const verdict = judgeSend(error);
        if (verdict.kind === 'shut-out') return this.#shutOut(records, error);
        if (verdict.kind === 'refused') return this.#refused(groups, verdict, error);
        isUncertain = true;
        if (isUnknownTopic(error)) this.#forgetTopics(records);
        await this.#pauseAfter(error, attempt, verdict);
      }
    }
    // The broker may still come to have them; others must not be taken for them.
    if (isUncertain) this.#parts.session.renew();
  }

  async #send(records: readonly QueuedRecord[]): Promise<readonly KafkaRecordMetadata[]> {
    for (const topic of new Set(records.map(({ topic }) => topic))) await this.#parts.topics.ensure(topic);
    return this.#parts.session.send(requestsOf(records));
  }

  async #pauseAfter(error: unknown, attempt: number, verdict: SendVerdict & { kind: 'again' }): Promise<void> {
    const { logger, reconnect, session, transactional, watch } = this.#parts;
    if (verdict.isUnreachable) watch.lost();
    if (verdict.withNewProducer || transactional) session.renew();
    if (this.#closing.signal.aborted) return;
    logger.warn({ err: error, attempt }, 'Events could not be sent and will be sent again');
    await delay(backoffDelay(reconnect, attempt), this.#closing.signal).catch(() => undefined);
  }

  #shutOut(records: readonly QueuedRecord[], cause: unknown): void {
    this.#parts.session.renew();
    const error = explainFailure(cause, 'Publishing', this.#parts.place);
    for (const { settlement } of records) settlement.refuse(error);
  }

  /** Looks again whether they are there. */
  #forgetTopics(records: readonly QueuedRecord[]): void {
    for (const { topic } of records) this.#parts.topics.forget(topic);
  }

  /** One of several records spoils the request of all: halves find out which. */
  async #refused(groups: Groups, verdict: SendVerdict & { kind: 'refused' }, cause: unknown): Promise<void> {
    this.#parts.session.renew();
    if (groups.length === 1) return failAll(groups.flat(), { code: verdict.code, reason: verdict.reason, cause });
    const half = Math.ceil(groups.length / 2);
    await this.#deliver(groups.slice(0, half));
    await this.#deliver(groups.slice(half));
  }
}

function failAll(records: readonly QueuedRecord[], failure: PublishFailure): void {
  for (const { index, settlement } of records) settlement.fail(index, failure);
}

/** Where a topic's records are all in one partition, it is known at which offset each of them is. */
function confirmAll(records: readonly QueuedRecord[], metadata: readonly KafkaRecordMetadata[]): void {
  const offsets = new Map<string, number | undefined>();
  for (const { topicName, baseOffset } of metadata) {
    offsets.set(topicName, offsets.has(topicName) || baseOffset === undefined ? undefined : Number(baseOffset));
  }
  for (const { index, settlement, topic } of records) {
    const offset = offsets.get(topic);
    settlement.confirm(index, offset);
    if (offset !== undefined) offsets.set(topic, offset + 1);
  }
}
