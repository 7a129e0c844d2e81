import { type Context, context, isSpanContextValid, trace } from '@opentelemetry/api';
import { formatTraceFlags } from './trace-context.ts';

/** What ties a log record to the span in which it was made, under the names that OpenTelemetry gives these fields in non-OTLP logs. */
export interface TraceFields {
  /** 32 hex digits. */
  trace_id: string;
  /** 16 hex digits. */
  span_id: string;
  /** Two hex digits: `01` when the span is sampled. */
  trace_flags: string;
}

/**
 * The three trace fields for a log record; a fresh object, empty when no span is current.
 *
 * @param of - The context to look in; the active one when absent.
 */
export function traceFields(of: Context = context.active()): Partial<TraceFields> {
  const spanContext = trace.getSpanContext(of);
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return {};
  return { trace_id: spanContext.traceId, span_id: spanContext.spanId, trace_flags: formatTraceFlags(spanContext.traceFlags) };
}
