import type { ConfluentEvents } from './confluent-events.ts';
import { ConfluentError, done } from './confluent-failure.ts';
import type { ConfluentFailure, ConfluentLibrary, ConfluentProducerHandle } from './confluent-library.ts';
import type { KafkaRecord, KafkaRecordMetadata, KafkaTopicRecords } from './kafka-client.ts';
import type { DriverProducer, DriverProducerOptions, DriverTransaction } from './kafka-driver.ts';
import { runsOf, type WrittenRecord } from './written-records.ts';

/** How long librdkafka looks for a broker that answers. */
const connectMs = 5_000;
const transactionMs = 30_000;
/** The broker says what is too large for it. */
const largestBytes = 100_000_000;
/** What is handed over in one go also leaves in one go. */
const lingerMs = 1;

/** Whoever waits for a record. */
interface Delivery {
  readonly arrived: (partition: number, offset: number) => void;
  readonly failed: (failure: ConfluentFailure) => void;
}

/** What librdkafka tells of a record. */
interface DeliveryReport {
  readonly partition: number;
  readonly offset: number;
  readonly opaque: Delivery;
}

/**
 * A producer of Confluent's library. librdkafka numbers records once and for all, and sends them again under their numbers by itself; it tells of each
 * what became of it. Those that are there are not sent another time.
 */
export class ConfluentProducer implements DriverProducer {
  readonly #handle: ConfluentProducerHandle;
  readonly #isTransactional: boolean;
  readonly #written: WeakMap<KafkaRecord, WrittenRecord>;
  readonly #events: ConfluentEvents;
  #connected: Promise<unknown> | undefined;

  /** @param written - Remembers which records are there, from one producer to the next. */
  constructor(
    library: ConfluentLibrary,
    config: object,
    { compression, transactionalId }: DriverProducerOptions,
    events: ConfluentEvents,
    written: WeakMap<KafkaRecord, WrittenRecord>,
  ) {
    this.#written = written;
    this.#events = events;
    this.#isTransactional = transactionalId !== undefined;
    this.#handle = new library.Producer({
      'message.max.bytes': largestBytes,
      'linger.ms': lingerMs,
      ...config,
      'enable.idempotence': true,
      partitioner: 'murmur2_random',
      'compression.codec': compression,
      dr_cb: true,
      ...(transactionalId === undefined ? {} : { 'transactional.id': transactionalId }),
    });
    this.#handle.on('event.error', this.#events.observe);
    this.#handle.on('delivery-report', settle);
  }

  async connect(): Promise<void> {
    this.#connected = done((called) => this.#handle.connect({ timeout: connectMs }, called));
    await this.#events.unless(this.#connected);
    this.#handle.setPollInBackground(true);
    if (this.#isTransactional) await done((called) => this.#handle.initTransactions(transactionMs, called));
  }

  async disconnect(): Promise<void> {
    // One that can't be connected is let go of by the library.
    await this.#connected;
    this.#events.end();
    // What has not left until now must not come behind what another producer sends.
    await done((called) => this.#handle.disconnect(0, called));
  }

  send(records: readonly KafkaTopicRecords[]): Promise<readonly KafkaRecordMetadata[]> {
    return this.#send(records, this.#written);
  }

  async transaction(): Promise<DriverTransaction> {
    await done((called) => this.#handle.beginTransaction(called));
    return {
      // What was written in a transaction that was aborted is not there.
      send: (records) => this.#send(records, new WeakMap()),
      commit: () => done((called) => this.#handle.commitTransaction(transactionMs, called)),
      abort: () => done((called) => this.#handle.abortTransaction(transactionMs, called)),
    };
  }

  async #send(topics: readonly KafkaTopicRecords[], known: WeakMap<KafkaRecord, WrittenRecord>): Promise<readonly KafkaRecordMetadata[]> {
    const outcomes = await Promise.allSettled(
      topics.flatMap(({ topic, messages }) =>
        messages.map(async (record) => {
          const written = known.get(record) ?? (await this.#produce(topic, record));
          known.set(record, written);
          return written;
        }),
      ),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return runsOf(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
  }

  #produce(topic: string, { key, value, headers = {} }: KafkaRecord): Promise<WrittenRecord> {
    return new Promise((resolve, reject) => {
      const delivery: Delivery = {
        arrived: (partition, offset) => {
          this.#events.answered();
          resolve({ topic, partition, offset });
        },
        failed: (failure) => void this.#events.explain(new ConfluentError(failure)).then(reject),
      };
      const fields = Object.entries(headers).map(([name, text]) => ({ [name]: text }));
      const body = typeof value === 'string' ? Buffer.from(value) : value;
      try {
        this.#handle.produce(topic, null, body, key, null, delivery, fields);
      } catch (error) {
        delivery.failed(failureOf(error));
      }
    });
  }
}

function settle(failure: ConfluentFailure | null | undefined, { opaque, partition, offset }: DeliveryReport): void {
  if (failure === null || failure === undefined) opaque.arrived(partition, offset);
  else opaque.failed(failure);
}

function failureOf(error: unknown): ConfluentFailure {
  if (error instanceof Error && 'code' in error && typeof error.code === 'number') return { message: error.message, code: error.code };
  throw error;
}
