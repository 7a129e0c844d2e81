import {
  type Attributes,
  type Context,
  context,
  defaultTextMapGetter,
  metrics,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { HandleLine } from './broker-place.ts';
import type { PublishEvents } from './publishing.ts';
import { someTraceparent } from './raw-cloud-event.ts';

const scope = 'by-hand';
const propagator = new W3CTraceContextPropagator();

const shared = (operation: string, type: string): Attributes => ({
  'messaging.system': 'by_hand',
  'messaging.consumer.group.name': 'group',
  'messaging.destination.name': 'events',
  'messaging.operation.name': operation,
  'messaging.operation.type': type,
  'server.address': '127.0.0.1',
  'server.port': 1,
});

const ofEvent = (id: string): Attributes => ({
  'eventsource.aggregate.type': 'Order',
  'eventsource.aggregate.id': id,
  'eventsource.event.type': 'LineAdded',
  'eventsource.event.id': id,
});

/** A handler inside the three spans and with the three metrics that the bus makes of each message, as many attributes on each, by the API alone. */
export const observedHandler = (handle: HandleLine): HandleLine => {
  const tracer = trace.getTracer(scope);
  const meter = metrics.getMeter(scope);
  const consumed = meter.createCounter('by_hand.consumed');
  const durations = ['process', 'handle'].map((name) => meter.createHistogram(`by_hand.${name}.duration`));
  const messaging = shared('process', 'process');
  const start = (name: string, attributes: Attributes, parent: Context): Context =>
    trace.setSpan(parent, tracer.startSpan(name, { attributes }, parent));
  return async (id, line) => {
    consumed.add(1, messaging);
    const startedAt = performance.now();
    const origin = propagator.extract(ROOT_CONTEXT, { traceparent: someTraceparent }, defaultTextMapGetter);
    const producer = trace.getSpanContext(origin);
    const process: Span = tracer.startSpan(
      'process events',
      {
        kind: SpanKind.CONSUMER,
        links: producer === undefined ? [] : [{ context: producer }],
        attributes: {
          ...messaging,
          ...ofEvent(id),
          'messaging.message.id': id,
          'messaging.destination.partition.id': '0',
          place: 'events.0',
        },
      },
      origin,
    );
    const dispatch = start('dispatch', ofEvent(id), trace.setSpan(origin, process));
    const handler = start('handle', { ...ofEvent(id), 'eventsource.handler.name': 'handler' }, dispatch);
    try {
      await context.with(handler, () => handle(id, line));
    } finally {
      const seconds = (performance.now() - startedAt) / 1_000;
      for (const duration of durations) duration.record(seconds, messaging);
      trace.getSpan(handler)?.end();
      trace.getSpan(dispatch)?.end();
      process.end();
    }
  };
};

/** A publish inside the span and with the two metrics that the bus makes of it. */
export const observedPublish = (publish: PublishEvents): PublishEvents => {
  const tracer = trace.getTracer(scope);
  const meter = metrics.getMeter(scope);
  const sent = meter.createCounter('by_hand.sent');
  const duration = meter.createHistogram('by_hand.publish.duration');
  const messaging = shared('publish', 'send');
  return async (events) => {
    const startedAt = performance.now();
    const first = events[0]?.id ?? '';
    const attributes = { ...messaging, ...ofEvent(first), 'eventsource.event.count': events.length, 'messaging.message.id': first };
    const span = tracer.startSpan('publish events', { kind: SpanKind.PRODUCER, attributes });
    try {
      await context.with(trace.setSpan(context.active(), span), () => publish(events));
      sent.add(events.length, messaging);
    } finally {
      duration.record((performance.now() - startedAt) / 1_000, messaging);
      span.end();
    }
  };
};
