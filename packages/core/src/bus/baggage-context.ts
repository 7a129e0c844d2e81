import { type Context, currentTraceContext, extractContext, ROOT_CONTEXT } from '@es/otel';
import type { MessageHeaders } from './event-transport.ts';

/** The context that came with a message without its span: baggage alone. */
export function baggageContext(headers: MessageHeaders): Context {
  const others = Object.entries(headers).filter(([name]) => !/^trace(parent|state)$/i.test(name));
  const context = extractContext(Object.fromEntries(others));
  // A propagator of another format may have found a span in headers of its own.
  return currentTraceContext(context) === undefined ? context : ROOT_CONTEXT;
}
