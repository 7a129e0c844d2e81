import { batchesOf, type PartitionBatch, type PartitionEnd } from './confluent-batches.ts';
import { asked, ConfluentError, isForGood } from './confluent-failure.ts';
import type { ConfluentConsumerHandle, ConfluentMessage } from './confluent-library.ts';

/** How many records are taken from librdkafka at a time. */
const takenAtOnce = 200;

/** Takes from librdkafka what it has fetched. */
export class ConfluentFetcher {
  readonly #handle: ConfluentConsumerHandle;
  #ends: PartitionEnd[] = [];
  #taken = 0;

  constructor(handle: ConfluentConsumerHandle) {
    this.#handle = handle;
    handle.on('data', () => {
      this.#taken += 1;
    });
    handle.on('partition.eof', (end: Omit<PartitionEnd, 'behind'>) => this.#ends.push({ ...end, behind: this.#taken }));
  }

  /**
   * What there is at the moment, without waiting for it: that would be done in a thread which files and host names need, too.
   *
   * @throws ConfluentError when it fails in a way that librdkafka does not get over by itself.
   */
  async fetch(): Promise<readonly PartitionBatch[]> {
    const messages = await this.#consume();
    const ends = this.#ends;
    this.#ends = [];
    this.#taken = 0;
    return batchesOf(messages, ends);
  }

  async #consume(): Promise<readonly ConfluentMessage[]> {
    try {
      return await asked<readonly ConfluentMessage[]>((done) => this.#handle.consume(takenAtOnce, done));
    } catch (error) {
      if (error instanceof ConfluentError && !isForGood(error)) return [];
      throw error;
    }
  }
}
