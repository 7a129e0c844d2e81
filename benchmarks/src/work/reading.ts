import type { StoredEvent } from '@es/core';
import type { Outcome } from '../harness/rounds.ts';
import type { Line } from './order.ts';
import type { OrderStore } from './order-stores.ts';
import type { RawOrders } from './raw-orders.ts';
import type { RawPostgresOrders } from './raw-postgres-orders.ts';

/** Adds up what a reader saw. */
class Tally {
  #events = 0;
  #lastPosition = 0n;
  #total = 0;

  add({ position, data }: StoredEvent): void {
    const { quantity, unitPrice } = data as Line;
    this.#events += 1;
    this.#lastPosition = position;
    this.#total += quantity * unitPrice;
  }

  get outcome(): Outcome {
    return { events: this.#events, lastPosition: Number(this.#lastPosition), total: this.#total };
  }
}

/** The obvious way. */
export const readEvents = async ({ eventStore }: OrderStore): Promise<Outcome> => {
  const tally = new Tally();
  for await (const event of eventStore.readAll()) tally.add(event);
  return tally.outcome;
};

/** With a promise a page rather than an event. */
export const readPages = async ({ eventStore }: OrderStore): Promise<Outcome> => {
  const tally = new Tally();
  for await (const page of eventStore.readAll().pages()) for (const event of page) tally.add(event);
  return tally.outcome;
};

/** By hand. */
export const readRaw = (raw: RawOrders): Outcome => {
  let events = 0;
  let lastPosition = 0;
  let total = 0;
  for (const { position, data } of raw.readAll()) {
    events += 1;
    lastPosition = position;
    total += data.quantity * data.unitPrice;
  }
  return { events, lastPosition, total };
};

/** By hand on PostgreSQL, with a promise a page. */
export const readRawPages = async (raw: RawPostgresOrders): Promise<Outcome> => {
  let events = 0;
  let lastPosition = 0;
  let total = 0;
  for await (const page of raw.readAll()) {
    for (const { position, data } of page) {
      events += 1;
      lastPosition = position;
      total += data.quantity * data.unitPrice;
    }
  }
  return { events, lastPosition, total };
};
