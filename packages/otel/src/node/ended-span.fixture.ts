import { type Attributes, type Link, SpanKind, type SpanStatus, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { EndedSpan } from './span-tree.ts';

/** What a test says about a span; ids are short and filled up with dots. */
export interface SpanSketch {
  readonly id: string;
  readonly name?: string;
  readonly trace?: string;
  readonly parent?: string;
  readonly parentIsRemote?: boolean;
  /** Milliseconds. */
  readonly start?: number;
  /** Milliseconds. */
  readonly duration?: number;
  readonly kind?: SpanKind;
  readonly status?: SpanStatus;
  readonly attributes?: Attributes;
  readonly links?: readonly Link[];
}

/** An ended span as the SDK would hand it to an exporter. */
export function endedSpan(sketch: SpanSketch): EndedSpan {
  const { id, name = id, trace = 't', parent, start = 0, duration = 1 } = sketch;
  const { kind = SpanKind.INTERNAL, status = { code: SpanStatusCode.UNSET }, attributes = {}, links = [] } = sketch;
  const contextOf = (spanId: string) => ({
    traceId: trace.padEnd(32, '.'),
    spanId: spanId.padEnd(16, '.'),
    traceFlags: TraceFlags.SAMPLED,
  });
  const span: EndedSpan = {
    name,
    kind,
    spanContext: () => contextOf(id),
    startTime: [Math.floor(start / 1e3), (start % 1e3) * 1e6],
    duration: [Math.floor(duration / 1e3), (duration % 1e3) * 1e6],
    status,
    attributes,
    links,
  };
  if (parent === undefined) return span;
  return { ...span, parentSpanContext: { ...contextOf(parent), isRemote: sketch.parentIsRemote ?? false } };
}
