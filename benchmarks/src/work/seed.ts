import { SqliteEventStore } from '@es/store-sqlite';
import type { Outcome } from '../harness/rounds.ts';
import { type Line, linesOf, totalOf } from './order.ts';
import { RawOrders } from './raw-orders.ts';

/** How many orders there are to read. */
export interface SeedSize {
  /** Orders of {@link linesEach} lines. */
  readonly orders: number;
  /** Lines of the one long order. */
  readonly longOrder: number;
}

export const linesEach = 10;
export const longOrderId = 'order-long';

/** The id of the n-th order. */
export const orderId = (n: number): string => `order-${String(n).padStart(6, '0')}`;

/** The ids of `count` orders, spread over all that there are, and in no order that the table has. */
export const someOrderIds = ({ orders }: SeedSize, count: number): string[] => {
  const stride = 7_919;
  return Array.from({ length: count }, (_, index) => orderId((index * stride) % orders));
};

/** How many events {@link seed} wrote. */
export const seededEvents = ({ orders, longOrder }: SeedSize): number => orders * linesEach + longOrder;

/** What reading all of them must add up to. */
export const readAllOutcome = (size: SeedSize): Outcome => ({
  events: seededEvents(size),
  // The log has no gap here: its last position is the number of its events.
  lastPosition: seededEvents(size),
  total: size.orders * totalOf(linesOf(0, linesEach)) + totalOf(linesOf(0, size.longOrder)),
});

function* seedOrders({ orders, longOrder }: SeedSize): Generator<readonly [string, readonly Line[]]> {
  const lines = linesOf(0, linesEach);
  for (let n = 0; n < orders; n += 1) {
    if (n === Math.floor(orders / 2)) yield [longOrderId, linesOf(0, longOrder)];
    yield [orderId(n), lines];
  }
}

/** Makes a file with the store's tables and a log to read. */
export const seed = async (path: string, size: SeedSize): Promise<void> => {
  await new SqliteEventStore({ path }).close();
  const raw = new RawOrders(path, 'normal');
  raw.fill(seedOrders(size));
  raw.close();
};
