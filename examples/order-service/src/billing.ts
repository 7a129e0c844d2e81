import { once } from 'node:events';
import { SqliteEventStore } from '@es/store-sqlite';
import { BillingDesk } from './billing-desk.ts';
import { openEventBus } from './event-bus.ts';
import { startServiceTelemetry } from './telemetry.ts';

// The service that sends invoices, until it is told to end.
const ended = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await using _telemetry = await startServiceTelemetry('billing');
await using eventStore = new SqliteEventStore({ path: process.env['ES_BILLING_FILE'] ?? 'invoices.db' });
await using bus = openEventBus({ consumerGroup: 'billing' });
new BillingDesk(eventStore, (orderId, cents) => console.log(`invoiced ${orderId}: ${(cents / 100).toFixed(2)}`)).listenTo(bus);
await bus.startConsuming();
console.log('ready');
await ended;
