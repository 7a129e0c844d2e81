import { PACKAGE_NAME } from './package-info.ts';
import { createTracing, type Tracing } from './tracing.ts';

const byClass = new WeakMap<object, Tracing>();
const ofNoClass: Tracing = createTracing(PACKAGE_NAME);

/** The tracing of an object or class: its own `tracing` when it has one, else one under the name of its class. */
export function tracingOf(host: unknown): Tracing {
  if (host === null || (typeof host !== 'object' && typeof host !== 'function')) return ofNoClass;
  const { tracing } = host as { readonly tracing?: unknown };
  if (isTracing(tracing)) return tracing;
  const owner: unknown = typeof host === 'function' ? host : host.constructor;
  return typeof owner === 'function' ? tracingOfClass(owner) : ofNoClass;
}

function tracingOfClass(owner: { readonly name: string }): Tracing {
  const known = byClass.get(owner);
  if (known !== undefined) return known;
  const made = createTracing(owner.name);
  byClass.set(owner, made);
  return made;
}

function isTracing(value: unknown): value is Tracing {
  if (typeof value !== 'object' || value === null) return false;
  const { span, iterate } = value as Partial<Tracing>;
  return typeof span === 'function' && typeof iterate === 'function';
}
