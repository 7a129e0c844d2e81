import type { ServiceSpan } from '@es-internal/services/otlp';
import { exchange } from './buses.fixture.ts';

/** A span, whichever way it was exported. */
export interface TraceSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** For order alone: of the same unit within a trace. */
  readonly start: number;
  /** The ids of the spans that it links to, in its own trace or in others. */
  readonly links: readonly string[];
}

const otlpKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

export const fromOtlp = ({ service, span }: ServiceSpan): TraceSpan => ({
  service,
  name: span.name,
  kind: otlpKinds[span.kind] ?? '',
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId || undefined,
  start: Number(span.startTimeUnixNano),
  links: (span.links ?? []).map(({ spanId }) => spanId),
});

/** A span as Zipkin's API has it, which knows neither links nor the kind INTERNAL. */
export interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind?: string;
  readonly timestamp: number;
  readonly localEndpoint: { readonly serviceName: string };
}

export const fromZipkin = (span: ZipkinSpan): TraceSpan => ({
  service: span.localEndpoint.serviceName,
  name: span.name,
  kind: span.kind ?? 'INTERNAL',
  traceId: span.traceId,
  spanId: span.id,
  parentSpanId: span.parentId,
  start: span.timestamp,
  links: [],
});

/** The spans below a parent, or below none, as indented lines in the order in which they began. */
export const treeOf = (spans: readonly TraceSpan[], parent?: string, indent = ''): readonly string[] =>
  spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .toSorted((one, other) => one.start - other.start)
    .flatMap(({ service, name, kind, spanId }) => [
      `${indent}${service}: ${name}${kind === 'INTERNAL' ? '' : ` [${kind}]`}`,
      ...treeOf(spans, spanId, `${indent}  `),
    ]);

/** The trace of an order, from the shop to the courier, as {@link treeOf} writes it. */
export const treeOfOrder = (topic: string): readonly string[] => [
  'shop: shop.place_order',
  '  shop: eventsource.repository.save',
  '    shop: eventsource.event_store.append_events',
  '  shop: eventsource.event_store.get_events',
  `  shop: publish ${exchange} [PRODUCER]`,
  `    warehouse: process ${exchange} [CONSUMER]`,
  '      warehouse: eventsource.event_bus.dispatch',
  '        warehouse: eventsource.event_bus.handle',
  '          warehouse: warehouse.pack',
  '            warehouse: eventsource.repository.load',
  '              warehouse: eventsource.event_store.get_events',
  '            warehouse: eventsource.repository.save',
  '              warehouse: eventsource.event_store.append_events',
  '            warehouse: eventsource.event_store.get_events',
  `            warehouse: send ${topic} [PRODUCER]`,
  `              courier: process ${topic} [CONSUMER]`,
  '                courier: eventsource.event_bus.dispatch',
  '                  courier: eventsource.event_bus.handle',
  '                    courier: courier.deliver',
];

const nameOf = ({ service, name }: TraceSpan): string => `${service}: ${name}`;

/** Of each span that has links, what it links to. */
export const linksOf = (spans: readonly TraceSpan[]): Readonly<Record<string, readonly string[]>> => {
  const names = new Map(spans.map((span) => [span.spanId, nameOf(span)]));
  const linked = spans.filter(({ links }) => links.length > 0);
  return Object.fromEntries(linked.map((span) => [nameOf(span), span.links.map((spanId) => names.get(spanId) ?? 'a span elsewhere')]));
};

/** The links in the trace of an order: a consumer's span to that which sent the message, and to that which stored the event. */
export const linksOfOrder = (topic: string): ReturnType<typeof linksOf> => ({
  [`warehouse: process ${exchange}`]: [`shop: publish ${exchange}`, 'shop: eventsource.event_store.append_events'],
  [`courier: process ${topic}`]: [`warehouse: send ${topic}`, 'warehouse: eventsource.event_store.append_events'],
});
