import { InMemoryLogRecordExporter, type LogRecordProcessor, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  type IMetricReader,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, type Sampler, SimpleSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createMetrics, createTracing } from '../index.ts';
import { startForTest } from './running.fixture.ts';
import type {
  InstrumentationShape,
  LogRecordProcessorShape,
  MetricReaderShape,
  SamplerShape,
  SpanExporterShape,
  SpanProcessorShape,
} from './sdk-shapes.ts';
import type { TelemetryOptions } from './telemetry-options.ts';
import type { TreeSpanExporter } from './tree-span-exporter.ts';

const CARTS = { name: 'test.carts', kind: 'counter', unit: '{cart}', description: 'Carts made.' } as const;

describe('parts of the user’s own', () => {
  it('have the SDK’s types', () => {
    expectTypeOf<SpanExporter>().toExtend<SpanExporterShape>();
    expectTypeOf<SpanProcessor>().toExtend<SpanProcessorShape>();
    expectTypeOf<IMetricReader>().toExtend<MetricReaderShape>();
    expectTypeOf<LogRecordProcessor>().toExtend<LogRecordProcessorShape>();
    expectTypeOf<Sampler>().toExtend<SamplerShape>();
    expectTypeOf<NodeSDKConfiguration['instrumentations']>().toExtend<NonNullable<TelemetryOptions['instrumentations']>>();
    expectTypeOf<InstrumentationShape>().not.toExtend<SpanProcessorShape>();
    expectTypeOf<TreeSpanExporter>().toExtend<SpanExporter>();
  });

  it('are a span exporter, which gets batches', async () => {
    const exporter = new InMemorySpanExporter();
    const telemetry = await startForTest({ traces: exporter });
    createTracing('test').span('work', () => undefined);
    expect(exporter.getFinishedSpans()).toHaveLength(0);
    await telemetry.forceFlush();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['work']);
  });

  it('are a span processor, beside other targets, which get spans at once', async () => {
    const exporter = new InMemorySpanExporter();
    let text = '';
    await startForTest({
      traces: [new SimpleSpanProcessor({ exporter }), { exporter: 'tree', write: (chunk) => (text += chunk) }],
    });
    createTracing('test').span('work', () => undefined);
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(text).toContain('work');
  });

  it('are a metric reader', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const telemetry = await startForTest({ metrics: new PeriodicExportingMetricReader({ exporter }) });
    createMetrics('test').counter(CARTS).add(2);
    await telemetry.forceFlush();
    expect(exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value).toBe(2);
  });

  it('are a log record processor', async () => {
    const exporter = new InMemoryLogRecordExporter();
    const telemetry = await startForTest({ logs: new SimpleLogRecordProcessor({ exporter }) });
    await telemetry.shutdown();
    expect(exporter.getFinishedLogRecords()).toEqual([]);
  });
});
