import { startTelemetry } from '@es/otel/node';
import { SqliteEventStore } from '@es/store-sqlite';
import { openOrdersBus } from './buses.ts';
import { ShopDesk } from './shop-desk.ts';

// The service that takes orders: one for each customer that the arguments name, all at once. Then it ends.
await using _telemetry = await startTelemetry({ serviceName: 'shop' });
await using eventStore = new SqliteEventStore({ path: ':memory:' });
await using bus = openOrdersBus();
const desk = new ShopDesk(eventStore, bus);
const placed = process.argv.slice(2).map(async (customer) => {
  console.log(`placed for ${customer} in ${await desk.placeOrder(customer)}`);
});
await Promise.all(placed);
