import {
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import { headerGetter, headerSetter } from './carrier.ts';
import { contextWith, currentTraceContext } from './trace-context.ts';

/** Options of {@link injectContext}. */
export interface InjectOptions<C> {
  /** The context to write; the active one when absent. */
  context?: Context | undefined;
  /** How to set a field of the carrier; when absent, as a string property of an object or an entry of a `Map` or `Headers`. */
  setter?: TextMapSetter<C> | undefined;
}

/** Options of {@link extractContext}. */
export interface ExtractOptions<C> {
  /** The context to build on; `ROOT_CONTEXT` when absent, so that nothing of the reader's own trace gets in. */
  parent?: Context | undefined;
  /** How to get a field of the carrier; when absent, keys match in any case and values may be text, bytes, or arrays of them. */
  getter?: TextMapGetter<C> | undefined;
}

/**
 * Writes a context into a carrier, such as a message's headers, and returns the carrier.
 *
 * The globally configured propagators come first (baggage, B3, …). If the context has a valid span, W3C `traceparent` and `tracestate` are
 * always written, also when it is not sampled and when no propagator is configured.
 */
export function injectContext<C extends object>(carrier: C, options: InjectOptions<C> = {}): C {
  const { context: from = context.active(), setter = headerSetter } = options;
  propagation.inject(from, carrier, setter);
  const fields = currentTraceContext(from);
  if (fields === undefined) return carrier;
  setter.set(carrier, 'traceparent', fields.traceparent);
  if (fields.tracestate !== undefined) setter.set(carrier, 'tracestate', fields.tracestate);
  return carrier;
}

/**
 * Reads a context from a carrier.
 *
 * The globally configured propagators come first; when they find no span, W3C `traceparent` and `tracestate` are read by this package. A
 * carrier without any of it gives the parent context.
 */
export function extractContext<C extends object>(carrier: C, options: ExtractOptions<C> = {}): Context {
  const { parent = ROOT_CONTEXT, getter = headerGetter } = options;
  const extracted = propagation.extract(parent, carrier, getter);
  if (trace.getSpan(extracted) !== trace.getSpan(parent)) return extracted;
  const traceparent = only(getter.get(carrier, 'traceparent'));
  return contextWith({ traceparent, tracestate: joined(getter.get(carrier, 'tracestate')) }, extracted);
}

/** The context that is active where this is called. */
export function activeContext(): Context {
  return context.active();
}

const probe = ROOT_CONTEXT.setValue(createContextKey('es.probe'), true);

/** Whether a context manager is registered, so that a context can be made the active one. */
export function contextAvailable(): boolean {
  return context.with(probe, () => context.active()) === probe;
}

/** Calls `fn` with a context active, after each `await` in it too, and returns what it returns. Needs a registered SDK to have an effect. */
export function withContext<T>(active: Context, fn: () => T): T {
  return context.with(active, fn);
}

// The specification has one traceparent only; which of several is meant can't be known.
function only(value: string | string[] | undefined): string | undefined {
  if (!Array.isArray(value)) return value;
  return value.length === 1 ? value[0] : undefined;
}

// Several tracestate headers are one list in their order.
function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
