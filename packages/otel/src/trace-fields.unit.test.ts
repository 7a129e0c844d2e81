import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { afterEach, expect, test } from 'vitest';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { contextWith } from './trace-context.ts';
import { traceFields } from './trace-fields.ts';
import { createTracing } from './tracing.ts';

afterEach(unregisterAll);

test('are those of the current span', () => {
  const recorder = registerTracing();
  const fields = createTracing('orders').span('work', () => traceFields());
  const { traceId, spanId } = recorder.one('work').spanContext();
  expect(fields).toEqual({ trace_id: traceId, span_id: spanId, trace_flags: '01' });
});

test('tell by their flags that a span is not sampled', () => {
  registerTracing({ sampler: new AlwaysOffSampler() });
  expect(createTracing('orders').span('work', () => traceFields().trace_flags)).toBe('00');
});

test('are those of a given context', () => {
  const parent = contextWith({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
  expect(traceFields(parent)).toEqual({
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
    trace_flags: '01',
  });
});

test('are none without a span or with an invalid one; always a fresh object', () => {
  const invalid = trace.setSpanContext(ROOT_CONTEXT, { traceId: '', spanId: '', traceFlags: 1 });
  expect(traceFields()).toEqual({});
  expect(traceFields(invalid)).toEqual({});
  expect(traceFields()).not.toBe(traceFields());
});
