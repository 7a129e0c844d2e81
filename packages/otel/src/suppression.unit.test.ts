import { isTracingSuppressed } from '@opentelemetry/core';
import { afterEach, expect, test } from 'vitest';
import { activeContext } from './propagation.ts';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { withTracingSuppressed } from './suppression.ts';
import { createTracing } from './tracing.ts';

afterEach(unregisterAll);

test('no span is made inside, after an await too, and again afterwards', async () => {
  const recorder = registerTracing();
  const tracing = createTracing('orders');
  const result = await withTracingSuppressed(async () => {
    expect(isTracingSuppressed(activeContext())).toBe(true);
    await Promise.resolve();
    return tracing.span('inside', {}, () => 'done');
  });
  tracing.span('outside', {}, () => undefined);
  expect([result, recorder.names]).toEqual(['done', ['outside']]);
});

test('what it calls still belongs to the caller’s trace', () => {
  registerTracing();
  createTracing('orders').span('work', {}, () => {
    const outer = activeContext();
    withTracingSuppressed(() => expect(activeContext()).not.toBe(outer));
    expect(isTracingSuppressed(activeContext())).toBe(false);
  });
});
