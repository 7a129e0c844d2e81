import { InMemoryEventStore } from '@es/core';
import { ATTR_ERROR_TYPE, ATTR_EVENT_TYPE, ATTR_VERSION } from '@es/otel';
import { startTelemetry } from '@es/otel/node';
import { CartService } from './cart-service.ts';
import { shoppingTrip } from './shopping-trip.ts';

// 'console' prints every detail; { exporter: 'otlp', protocol: 'grpc', url: 'http://localhost:4317' } sends to Jaeger.
const tree = {
  exporter: 'tree',
  attributes: ['product.name', 'product.quantity', ATTR_EVENT_TYPE, ATTR_VERSION, ATTR_ERROR_TYPE],
} as const;
await using telemetry = await startTelemetry({ serviceName: 'shopping-cart', traces: tree });
await using eventStore = new InMemoryEventStore();

await shoppingTrip(new CartService(eventStore), console.log);
await telemetry.forceFlush();
