import {
  type Context,
  context,
  createTraceState,
  isSpanContextValid,
  isValidSpanId,
  isValidTraceId,
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from '@opentelemetry/api';

/** A span's identity as W3C Trace Context writes it: what is stored with an event, or travels in a message's headers. */
export interface TraceContextFields {
  /** Version, trace id, span id and flags: `00-<32 hex>-<16 hex>-<2 hex>`. */
  readonly traceparent: string;
  /** Vendors' own entries, `key=value` separated by commas; absent when there are none. */
  readonly tracestate?: string;
}

/** {@link TraceContextFields} as read from somewhere else: either may be missing. */
export interface PartialTraceContextFields {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

const MAX_LINKS = 128;
// Sampled (level 1) and random trace id (level 2); the specification reserves the other bits and wants them sent as zero.
const KNOWN_FLAGS = 0x03;
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** The two hex digits of a span's trace flags, as `traceparent` and logs write them. */
export function formatTraceFlags(traceFlags: number): string {
  return (traceFlags & KNOWN_FLAGS).toString(16).padStart(2, '0');
}

/** Writes a span context as a W3C `traceparent` of version 00. */
export function formatTraceparent(spanContext: SpanContext): string {
  return `00-${spanContext.traceId}-${spanContext.spanId}-${formatTraceFlags(spanContext.traceFlags)}`;
}

/**
 * Reads a W3C `traceparent` (Trace Context level 2), and the `tracestate` that came with it, as a remote span context.
 *
 * `undefined` for anything that the specification calls invalid: ids of zeros, upper case, version `ff`, a wrong length. Of a version higher
 * than 00 the first four fields are taken. Invalid entries of `tracestate` are left out without making `traceparent` invalid.
 */
export function parseTraceparent(traceparent: string, tracestate?: string): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (!isValidTraceId(traceId) || !isValidSpanId(spanId)) return undefined;
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & KNOWN_FLAGS, isRemote: true };
  if (tracestate === undefined || tracestate === '') return parsed;
  return { ...parsed, traceState: createTraceState(tracestate) };
}

/**
 * The trace context of the span that is current in a context, whether it is sampled or not; `undefined` when there is none.
 *
 * @param of - The context to look in; the active one when absent.
 */
export function currentTraceContext(of: Context = context.active()): TraceContextFields | undefined {
  const spanContext = currentSpanContext(of);
  if (spanContext === undefined) return undefined;
  const traceparent = formatTraceparent(spanContext);
  const tracestate = spanContext.traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}

/** A link to the span that a stored or transported trace context names; `undefined` when it names none. */
export function linkTo(fields: PartialTraceContextFields): Link | undefined {
  const spanContext = remoteSpanContext(fields);
  return spanContext === undefined ? undefined : { context: spanContext };
}

/**
 * Links to the spans that several trace contexts name, or that are current in contexts, one per span, in the order of first appearance.
 *
 * @param limit - Most links to make; default 128, which is also what SDKs keep by default.
 */
export function linksTo(items: Iterable<PartialTraceContextFields | Context>, limit: number = MAX_LINKS): Link[] {
  const links = new Map<string, Link>();
  for (const item of items) {
    if (links.size >= limit) break;
    const linked = isContext(item) ? currentSpanContext(item) : remoteSpanContext(item);
    if (linked === undefined) continue;
    const key = `${linked.traceId}-${linked.spanId}`;
    if (!links.has(key)) links.set(key, { context: linked });
  }
  return [...links.values()];
}

/**
 * A context in which the span named by a stored or transported trace context is the remote parent.
 *
 * @param parent - The context to build on, returned as it is when the fields name no span; default `ROOT_CONTEXT`.
 */
export function contextWith(fields: PartialTraceContextFields, parent: Context = ROOT_CONTEXT): Context {
  const spanContext = remoteSpanContext(fields);
  return spanContext === undefined ? parent : trace.setSpanContext(parent, spanContext);
}

function isContext(item: PartialTraceContextFields | Context): item is Context {
  return typeof (item as Partial<Context>).getValue === 'function';
}

function currentSpanContext(of: Context): SpanContext | undefined {
  const spanContext = trace.getSpanContext(of);
  return spanContext !== undefined && isSpanContextValid(spanContext) ? spanContext : undefined;
}

function remoteSpanContext({ traceparent, tracestate }: PartialTraceContextFields): SpanContext | undefined {
  return traceparent === undefined ? undefined : parseTraceparent(traceparent, tracestate);
}
