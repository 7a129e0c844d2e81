import { beforeAll, describe, expect, it, vi } from 'vitest';
import { configureLogging, createMetrics, createTracing, getLogger } from '../index.ts';
import { grpcReceiver, tcpReceiver } from './receivers.fixture.ts';
import { startForTest } from './running.fixture.ts';

const CARTS = { name: 'test.carts', kind: 'counter', unit: '{cart}', description: 'Carts made.' } as const;

beforeAll(() => configureLogging({ destination: { write: () => undefined } }));

describe('OTLP over gRPC', () => {
  it('delivers spans, metrics and log records, with the headers as metadata', async () => {
    const { url, received } = await grpcReceiver();
    const target = { exporter: 'otlp', protocol: 'grpc', url, headers: { 'X-Honeycomb-Team': 'key' } } as const;
    const telemetry = await startForTest({ serviceName: 'shop', traces: target, metrics: target, logs: target });
    createTracing('test').span('make_cart', () => {
      createMetrics('test').counter(CARTS).add(1);
      getLogger('shop.carts').warn('cart is small');
    });
    await telemetry.forceFlush();
    const bodies = Object.fromEntries(received.map(({ method, body }) => [method.split('.').at(-1), body.toString('latin1')]));
    expect(bodies['TraceService/Export']).toContain('make_cart');
    expect(bodies['MetricsService/Export']).toContain('test.carts');
    expect(bodies['LogsService/Export']).toContain('cart is small');
    expect(received.map(({ metadata }) => metadata['x-honeycomb-team'])).toEqual(['key', 'key', 'key']);
  });

  it('speaks TLS to an https URL', async () => {
    const { port, received } = await tcpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', protocol: 'grpc', url: `https://localhost:${port}` } });
    createTracing('test').span('make_cart', () => undefined);
    await expect(telemetry.forceFlush()).rejects.toThrow('Telemetry could not be delivered');
    // 22 is the TLS record type of a handshake, and 1 in its sixth byte says that it is the client's hello.
    await vi.waitFor(() => expect([received[0]?.[0], received[0]?.[5]]).toEqual([22, 1]));
  });

  it('speaks in the clear to an http URL', async () => {
    const { port, received } = await tcpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', protocol: 'grpc', url: `http://127.0.0.1:${port}` } });
    createTracing('test').span('make_cart', () => undefined);
    await expect(telemetry.forceFlush()).rejects.toThrow('Telemetry could not be delivered');
    await vi.waitFor(() => expect(received[0]?.toString('latin1')).toMatch(/^PRI \* HTTP\/2/));
  });
});
