import { parseArgs } from 'node:util';
import { SqliteEventStore } from '@es/store-sqlite';
import { openEventBus } from './event-bus.ts';
import { OrderDesk } from './order-desk.ts';
import { startServiceTelemetry } from './telemetry.ts';

// The service that takes orders: some, and then it ends.
const { values } = parseArgs({ options: { orders: { type: 'string', default: '1' } } });
await using _telemetry = await startServiceTelemetry('orders');
await using eventStore = new SqliteEventStore({ path: process.env['ES_ORDERS_FILE'] ?? 'orders.db' });
await using bus = openEventBus();
const desk = new OrderDesk(eventStore, bus);
for (let number = 1; number <= Number(values.orders); number += 1) {
  const id = await desk.placeOrder('Ana', [
    { product: 'Tea', quantity: 2, cents: 450 },
    { product: 'Cup', quantity: 1, cents: 1_200 },
  ]);
  console.log(`placed ${id}`);
}
