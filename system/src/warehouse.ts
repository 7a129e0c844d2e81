import { once } from 'node:events';
import { startTelemetry } from '@es/otel/node';
import { SqliteEventStore } from '@es/store-sqlite';
import { openOrdersBus, openParcelsBus } from './buses.ts';
import { Packer } from './packer.ts';

// The service that packs parcels, until it is told to end.
const ended = once(process, 'SIGTERM');
await using _telemetry = await startTelemetry({ serviceName: 'warehouse' });
await using eventStore = new SqliteEventStore({ path: ':memory:' });
await using parcelsBus = openParcelsBus();
await using ordersBus = openOrdersBus({ consumerGroup: 'warehouse' });
new Packer(eventStore, parcelsBus).listenTo(ordersBus);
await ordersBus.startConsuming();
console.log('ready');
await ended;
