import { ROOT_CONTEXT, withContext, withTracingSuppressed } from '@es/otel';
import type { KafkaRecordMetadata, KafkaTopicRecords } from './kafka-client.ts';
import type { DriverProducer, DriverProducerOptions, KafkaDriver, RecordSink } from './kafka-driver.ts';

/** A producer, and after some failures the next one. */
export class ProducerSession {
  readonly #driver: KafkaDriver;
  readonly #options: DriverProducerOptions;
  #producer: Promise<DriverProducer> | undefined;

  constructor(driver: KafkaDriver, options: DriverProducerOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  /** Sends requests one after another, in one transaction where there is one; resolves when the broker has everything. Not to be called before that. */
  send(requests: readonly KafkaTopicRecords[][]): Promise<readonly KafkaRecordMetadata[]> {
    return withContext(ROOT_CONTEXT, () => withTracingSuppressed(() => this.#send(requests)));
  }

  /** Lets go of the producer; the next send makes another one. */
  renew(): void {
    const producer = this.#producer;
    this.#producer = undefined;
    void producer?.then((old) => old.disconnect()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.disconnect();
  }

  async #send(requests: readonly KafkaTopicRecords[][]): Promise<readonly KafkaRecordMetadata[]> {
    this.#producer ??= this.#connect();
    const producer = await this.#producer;
    if (this.#options.transactionalId === undefined) return this.#sendAll(producer, requests);
    const transaction = await producer.transaction();
    try {
      const metadata = await this.#sendAll(transaction, requests);
      await transaction.commit();
      return metadata;
    } catch (error) {
      // Else readers would wait behind it until the broker gives it up.
      await transaction.abort().catch(() => undefined);
      throw error;
    }
  }

  async #sendAll(sink: RecordSink, requests: readonly KafkaTopicRecords[][]): Promise<readonly KafkaRecordMetadata[]> {
    const metadata: KafkaRecordMetadata[] = [];
    for (const request of requests) metadata.push(...(await sink.send(request)));
    return metadata;
  }

  async #connect(): Promise<DriverProducer> {
    const producer = this.#driver.createProducer(this.#options);
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#producer = undefined;
      producer.disconnect().catch(() => undefined);
      throw error;
    }
  }
}
