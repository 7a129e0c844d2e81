import { type Attributes, context as contexts, type SpanKind } from '@opentelemetry/api';
import { tracingOf } from './host-tracing.ts';
import { type StartSpan, traceAsyncGenerator, traceGenerator } from './span-generator.ts';
import type { ScopedTracing, Tracing } from './tracing.ts';
import { UsageError } from './usage-error.ts';

/** Options of {@link traced}. */
export interface TracedOptions {
  /** Attributes that every span of the method starts with. */
  attributes?: Attributes | undefined;
  /** The span's role; INTERNAL when absent. */
  kind?: SpanKind | undefined;
}

type Method = (...args: never[]) => unknown;
type Invoke = (this: unknown, ...args: unknown[]) => unknown;

/** What {@link traced} gives: a standard decorator for methods, which leaves a method's type as it is. */
export type TracedDecorator = <M extends Method>(method: M, context: MethodContext) => M;

// The part of ClassMethodDecoratorContext that all methods have alike, whatever type they declare for `this`.
interface MethodContext {
  readonly kind: 'method';
  readonly name: string | symbol;
}

/**
 * Runs a method inside a span: `@traced('notification_service.send_email', { attributes: { channel: 'email' } })`.
 *
 * A standard (TC39) decorator for synchronous and asynchronous methods, generators and async generators, static and `#private` ones too. It
 * keeps `this`, the name and the type of the method. The span is made by the `tracing` of the object (see {@link TracingMixin}) when it has
 * one, else under the name of its class. The span of a generator is that of its iteration.
 *
 * @param name - Span name of low cardinality.
 * @throws {@link UsageError} when the name is empty, or when it decorates anything but a method.
 */
export function traced(name: string, options: TracedOptions = {}): TracedDecorator {
  if (typeof name !== 'string' || name.trim() === '') {
    throw new UsageError("@traced needs the name of its span: write @traced('order_service.place_order') above the method.");
  }
  return (method, context) => {
    assertMethod(name, method, context);
    const replacement = traceMethod(name, options, method as unknown as Invoke);
    Object.defineProperty(replacement, 'name', { value: method.name, configurable: true });
    Object.defineProperty(replacement, 'length', { value: method.length, configurable: true });
    return replacement as unknown as typeof method;
  };
}

function traceMethod(name: string, { attributes = {}, kind }: TracedOptions, method: Invoke): Invoke {
  const spanOptions = { kind };
  // The parent is the span that was current when the generator was made, which need not be current at its first pull.
  function starter(host: unknown): StartSpan {
    const tracing: Tracing & Partial<Pick<ScopedTracing, 'start'>> = tracingOf(host);
    const parent = contexts.active();
    return () => tracing.start?.(name, attributes, spanOptions, parent);
  }
  switch (Object.prototype.toString.call(method)) {
    case '[object GeneratorFunction]':
      return function (...args) {
        return traceGenerator(method.apply(this, args) as Generator, starter(this));
      };
    case '[object AsyncGeneratorFunction]':
      return function (...args) {
        return traceAsyncGenerator(method.apply(this, args) as AsyncGenerator, starter(this));
      };
    default:
      return function (...args) {
        return tracingOf(this).span(name, attributes, () => method.apply(this, args), spanOptions);
      };
  }
}

function assertMethod(name: string, value: unknown, context: unknown): void {
  const { kind, name: member } = (typeof context === 'object' && context !== null ? context : {}) as { kind?: unknown; name?: unknown };
  if (kind === 'method' && typeof value === 'function') return;
  throw new UsageError(`@traced('${name}') ${whatInstead(kind, `'${String(member)}'`, name)}`);
}

function whatInstead(kind: unknown, member: string, name: string): string {
  switch (kind) {
    case 'class':
      return `stands on the class ${member}: put it on each method whose calls are to be spans.`;
    case 'field':
    case 'accessor':
      return `stands on the ${kind} ${member}: write it as a method, or call this.tracing.span('${name}', …) inside the function it holds.`;
    case 'getter':
    case 'setter':
      return `stands on the ${kind} ${member}: make it a method, or call this.tracing.span('${name}', …) inside it.`;
    default:
      return (
        'was not applied as a standard decorator of a method. Put it above a method of a class, and take experimentalDecorators out of ' +
        `tsconfig.json if it is there; around a plain function, call createTracing(…).span('${name}', …).`
      );
  }
}
