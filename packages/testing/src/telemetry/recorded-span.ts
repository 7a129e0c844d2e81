import { type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** Who made a span or metric: name and version of the instrumented package, and the semantic conventions that it follows. */
export interface RecordedScope {
  readonly name: string;
  readonly version: string | undefined;
  readonly schemaUrl: string | undefined;
}

/** Attributes as they stood when the span ended. */
export type RecordedAttributes = Readonly<Record<string, unknown>>;

/** A link from a span to another one. */
export interface RecordedLink {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether the linked span was sampled. */
  readonly sampled: boolean;
  readonly attributes: RecordedAttributes;
}

/** An event on a span, such as `exception`. */
export interface RecordedSpanEvent {
  readonly name: string;
  readonly attributes: RecordedAttributes;
}

/** A span in plain data, for assertions. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: keyof typeof SpanKind;
  readonly attributes: RecordedAttributes;
  /** `UNSET` is what a successful operation has; the message is that of the error. */
  readonly status: { readonly code: keyof typeof SpanStatusCode; readonly message?: string };
  readonly links: readonly RecordedLink[];
  readonly events: readonly RecordedSpanEvent[];
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Span id of the parent, also of one in another process; `undefined` for a root. */
  readonly parentSpanId: string | undefined;
  readonly scope: RecordedScope;
  /** False for a span that was started and not ended yet. */
  readonly ended: boolean;
}

/** Copies a span of the SDK into plain data. */
export function recordedSpan(span: ReadableSpan): RecordedSpan {
  const { traceId, spanId } = span.spanContext();
  const { name, version, schemaUrl } = span.instrumentationScope;
  const { code, message } = span.status;
  return {
    name: span.name,
    kind: SpanKind[span.kind] as keyof typeof SpanKind,
    attributes: { ...span.attributes },
    status: { code: SpanStatusCode[code] as keyof typeof SpanStatusCode, ...(message === undefined ? {} : { message }) },
    links: span.links.map((link) => ({ ...place(link.context), attributes: { ...link.attributes } })),
    events: span.events.map((event) => ({ name: event.name, attributes: { ...event.attributes } })),
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    scope: { name, version, schemaUrl },
    ended: span.ended,
  };
}

function place({ traceId, spanId, traceFlags }: SpanContext): Omit<RecordedLink, 'attributes'> {
  return { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
}
