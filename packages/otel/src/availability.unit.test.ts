import { createRequire } from 'node:module';
import { ProxyTracerProvider, trace } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, expect, test } from 'vitest';
import { otelAvailable } from './availability.ts';
import { registerTracing, SpanRecorder, unregisterAll } from './sdk.fixture.ts';
import { createTracing } from './tracing.ts';

// The CommonJS build is a second copy of the API beside the ES module that the sources import.
const otherApi = createRequire(import.meta.url)('@opentelemetry/api') as typeof import('@opentelemetry/api');

afterEach(unregisterAll);

test('says no until an SDK is registered, and no again once it is unregistered', () => {
  expect(otelAvailable()).toBe(false);
  registerTracing();
  expect(otelAvailable()).toBe(true);
  unregisterAll();
  expect(otelAvailable()).toBe(false);
});

test('says no for a registered provider that stands for nothing', () => {
  trace.setGlobalTracerProvider(new ProxyTracerProvider().getDelegate());
  expect(otelAvailable()).toBe(false);
});

test('sees, and uses, an SDK that another copy of the API registered', () => {
  expect(otherApi.trace).not.toBe(trace);
  const recorder = new SpanRecorder();
  otherApi.trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [recorder] }));
  expect(otelAvailable()).toBe(true);
  createTracing('orders').span('work', () => undefined);
  expect(recorder.names).toEqual(['work']);
  otherApi.trace.disable();
  expect(otelAvailable()).toBe(false);
});
