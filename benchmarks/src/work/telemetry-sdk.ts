import { context, metrics, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Around } from './traced-work.ts';

/** Counts spans and lets them go: what is left is the cost of making them. */
class DroppingExporter implements SpanExporter {
  spans = 0;

  export(spans: readonly ReadableSpan[], done: (result: ExportResult) => void): void {
    this.spans += spans.length;
    done({ code: ExportResultCode.SUCCESS });
  }

  shutdown = (): Promise<void> => Promise.resolve();
}

/** A registered SDK. */
export interface TelemetrySdk {
  /** Spans that reached the exporter. */
  readonly exported: () => number;
  /** Sends what the batch processor still holds. */
  readonly flush: () => Promise<void>;
  /** An operation inside two spans, one in the other, with a few attributes: what two spans cost when nobody does it for you. */
  readonly withTwoSpans: Around;
}

const attributes = {
  before: { 'eventsource.aggregate.type': 'Order', 'eventsource.aggregate.id': 'order-000001' },
  after: { 'eventsource.version': 10, 'eventsource.event.count': 10, 'eventsource.snapshot.used': false },
};

const within =
  (tracer: Tracer, name: string): Around =>
  (operation) => {
    const around = context.active();
    const span = tracer.startSpan(name, { attributes: attributes.before }, around);
    return context.with(trace.setSpan(around, span), async () => {
      try {
        const result = await operation();
        span.setAttributes(attributes.after);
        return result;
      } finally {
        span.end();
      }
    });
  };

/** Registers a tracer provider with a batch processor, for the whole process, as an application does; a meter provider too if asked. */
export const registerSdk = (signals: 'traces' | 'traces and metrics'): TelemetrySdk => {
  const exporter = new DroppingExporter();
  const processor = new BatchSpanProcessor({ exporter });
  const provider = new TracerProvider({ spanProcessors: [processor] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  if (signals === 'traces and metrics') {
    const reader = new PeriodicExportingMetricReader({ exporter: new InMemoryMetricExporter(AggregationTemporality.DELTA) });
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  }
  const tracer = provider.getTracer('benchmarks');
  const outer = within(tracer, 'repository');
  const inner = within(tracer, 'event_store');
  return {
    exported: () => exporter.spans,
    flush: () => processor.forceFlush(),
    withTwoSpans: (operation) => outer(() => inner(operation)),
  };
};
