import { once } from 'node:events';
import { createTracing, currentTraceContext } from '@es/otel';
import { startTelemetry } from '@es/otel/node';
import { openParcelsBus } from './buses.ts';
import { ATTR_CUSTOMER, currentCustomer } from './customer.ts';
import { ParcelPacked } from './events.ts';

// The service that delivers parcels, until it is told to end.
const ended = once(process, 'SIGTERM');
await using _telemetry = await startTelemetry({ serviceName: 'courier' });
await using bus = openParcelsBus();
const tracing = createTracing('courier');
bus.subscribe(
  ParcelPacked,
  () =>
    tracing.span('courier.deliver', { [ATTR_CUSTOMER]: currentCustomer() }, () => {
      console.log(`delivered to ${currentCustomer()} in ${currentTraceContext()?.traceparent}`);
    }),
  { name: 'deliver' },
);
await bus.startConsuming();
console.log('ready');
await ended;
