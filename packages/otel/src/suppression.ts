import { context, createContextKey } from '@opentelemetry/api';

// The SDK's own key: the API makes keys of one description equal in every copy of the packages.
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * Calls `fn` so that instrumentation of the libraries it calls makes no spans and writes no headers of its own, and returns what it returns.
 *
 * For the calls of a driver whose work has a span here already. What `fn` starts and leaves behind, such as a listener, stays suppressed; no
 * handler of a user's belongs in it.
 */
export function withTracingSuppressed<T>(fn: () => T): T {
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), fn);
}
