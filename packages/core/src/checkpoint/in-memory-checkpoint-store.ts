import type { OperationOptions } from '../event-store/event-store.ts';
import { Lifecycle } from '../lifecycle.ts';
import { assertCheckpoint } from './checkpoint-arguments.ts';
import type { CheckpointStore } from './checkpoint-store.ts';

/** A checkpoint store that lives as long as its object. */
export class InMemoryCheckpointStore implements CheckpointStore {
  readonly #positions = new Map<string, bigint>();
  readonly #lifecycle = new Lifecycle('InMemoryCheckpointStore');

  async load(subscription: string, options: OperationOptions = {}): Promise<bigint | undefined> {
    this.#lifecycle.assertOpen('load', options.signal);
    assertCheckpoint(subscription);
    return this.#positions.get(subscription);
  }

  async save(subscription: string, position: bigint, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('save', options.signal);
    assertCheckpoint(subscription, position);
    this.#positions.set(subscription, position);
  }

  async delete(subscription: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('delete', options.signal);
    assertCheckpoint(subscription);
    return this.#positions.delete(subscription);
  }

  close(): Promise<void> {
    return this.#lifecycle.close(async () => this.#positions.clear());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
