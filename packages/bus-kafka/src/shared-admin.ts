import { ClosedError } from '@es/core';
import { ROOT_CONTEXT, withContext } from '@es/otel';
import type { KafkaAdmin } from './kafka-client.ts';
import type { KafkaDriver } from './kafka-driver.ts';

/** One admin for all who need it, connected when first used. */
export class SharedAdmin {
  readonly #driver: KafkaDriver;
  #admin: Promise<KafkaAdmin> | undefined;
  #isClosed = false;

  constructor(driver: KafkaDriver) {
    this.#driver = driver;
  }

  /** Calls a function with the admin, outside of any span of the caller: connections and timers of the admin outlive it. */
  async use<T>(fn: (admin: KafkaAdmin) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new ClosedError('KafkaEventBus', 'asking the broker');
    return withContext(ROOT_CONTEXT, async () => fn(await this.#connected()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const admin = await this.#admin?.catch(() => undefined);
    await admin?.disconnect();
  }

  #connected(): Promise<KafkaAdmin> {
    this.#admin ??= this.#connect();
    return this.#admin;
  }

  async #connect(): Promise<KafkaAdmin> {
    const admin = this.#driver.createAdmin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      this.#admin = undefined;
      // It may have sockets that are still being opened.
      admin.disconnect().catch(() => undefined);
      throw error;
    }
  }
}
