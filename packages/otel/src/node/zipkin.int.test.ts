import { SpanKind } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { createTracing } from '../index.ts';
import { httpReceiver } from './receivers.fixture.ts';
import { startForTest } from './running.fixture.ts';

describe('Zipkin', () => {
  it('gets spans as its JSON version 2', async () => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ serviceName: 'shop', traces: { exporter: 'zipkin', url } });
    const tracing = createTracing('test');
    const ids = tracing.span('outer', (outer) =>
      tracing.span('inner', { 'cart.size': 2 }, (inner) => ({ outer: outer?.spanContext(), inner: inner?.spanContext() }), {
        kind: SpanKind.CLIENT,
      }),
    );
    await telemetry.forceFlush();
    expect(received).toHaveLength(1);
    expect(received[0]?.path).toBe('/api/v2/spans');
    expect(received[0]?.headers['content-type']).toBe('application/json');
    const spans = JSON.parse(received[0]?.body.toString() ?? '');
    expect(spans).toHaveLength(2);
    const inner = spans.find(({ name }: { name: string }) => name === 'inner');
    expect(inner).toMatchObject({
      traceId: ids.inner?.traceId,
      id: ids.inner?.spanId,
      parentId: ids.outer?.spanId,
      kind: 'CLIENT',
      localEndpoint: { serviceName: 'shop' },
      tags: { 'cart.size': '2' },
    });
    expect(Number.isInteger(inner.timestamp) && Number.isInteger(inner.duration)).toBe(true);
  });

  it('gets them at a URL with a path as it is, each at once with the simple processor', async () => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'zipkin', url: `${url}/zipkin/api/v2/spans`, processor: 'simple' } });
    const tracing = createTracing('test');
    tracing.span('one', () => undefined);
    tracing.span('two', () => undefined);
    await telemetry.forceFlush();
    expect(received.map(({ path }) => path)).toEqual(['/zipkin/api/v2/spans', '/zipkin/api/v2/spans']);
  });
});
