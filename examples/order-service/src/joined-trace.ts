import { type EndedSpan, TreeSpanExporter } from '@es/otel/node';
import { attributesOf, type ServiceSpan } from '@es-internal/services/otlp';
import { type HrTime, TraceFlags } from '@opentelemetry/api';

const shown = ['service', 'eventsource.event.type', 'eventsource.version', 'messaging.destination.name', 'messaging.consumer.group.name'];

/** Writes the spans of one trace as a tree, whichever services they came from. */
export function joinedTrace(spans: readonly ServiceSpan[]): string {
  let text = '';
  const tree = new TreeSpanExporter({ attributes: shown, write: (part) => (text += part) });
  // The root last, since a trace is written once its root has ended.
  const inOrder = spans.toSorted(
    (one, other) => Number(one.span.parentSpanId === undefined) - Number(other.span.parentSpanId === undefined),
  );
  tree.export(inOrder.map(endedSpan), () => undefined);
  return text;
}

function endedSpan({ service, span }: ServiceSpan): EndedSpan {
  const { traceId, spanId, parentSpanId, name, kind, status, links = [] } = span;
  const duration = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  const contextOf = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  return {
    name,
    // OTLP counts from 1, with 0 for a kind that is not given.
    kind: kind - 1,
    spanContext: () => contextOf(spanId),
    ...(isEmpty(parentSpanId) ? {} : { parentSpanContext: contextOf(parentSpanId) }),
    startTime: hrTime(BigInt(span.startTimeUnixNano)),
    duration: hrTime(duration),
    status: { code: status.code ?? 0, ...(status.message === undefined ? {} : { message: status.message }) },
    attributes: { service, ...attributesOf(span) },
    links: links.map((link) => ({ context: { traceId: link.traceId, spanId: link.spanId, traceFlags: TraceFlags.SAMPLED } })),
  };
}

function isEmpty(id: string | undefined): id is undefined {
  return id === undefined || id === '';
}

function hrTime(nanoseconds: bigint): HrTime {
  return [Number(nanoseconds / 1_000_000_000n), Number(nanoseconds % 1_000_000_000n)];
}
