import { type Context, context, type Span, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { type ActiveSpan, type SpanAttributes, type SpanOptions, startSpan } from './active-span.ts';
import { registeredTracerProvider } from './availability.ts';
import { SCHEMA_URL } from './schema-url.ts';
import { settle } from './settle.ts';
import { SpanIterator } from './span-iterator.ts';

/** How a component's tracing is set up. */
export interface TracingOptions {
  /** `false` switches the component's spans off whatever SDK is registered; default `true`. */
  enabled?: boolean | undefined;
  /** Version of the instrumented package, exported as the scope's version. */
  version?: string | undefined;
  /** Semantic conventions that the spans follow; default {@link SCHEMA_URL}. */
  schemaUrl?: string | undefined;
}

/** Options of {@link Tracing.iterate}. */
export interface IterateOptions extends Omit<SpanOptions, 'timer'> {
  /** Called once, just before the span ends, for attributes that are known only then. An error it throws is not handed on. */
  onEnd?: ((span: Span) => void) | undefined;
}

/** A component's way of making spans. */
export interface Tracing {
  /** The component's own switch; says nothing about whether an SDK is registered. */
  readonly enabled: boolean;

  /**
   * Calls `fn` inside a span and hands on what it returns or throws.
   *
   * The span is current while `fn` runs, after each `await` too, and ends when `fn` returns or, if that is a promise, when it settles; what
   * a thenable's `then` returns is handed on in its place. A failure is recorded by {@link recordFailure}. The span is absent, and the
   * context unchanged, when tracing is switched off, when no SDK is registered, or when tracing is suppressed in the context. A span that
   * is not sampled is handed over like any other.
   *
   * @param name - Span name of low cardinality, such as `order_service.place_order`.
   */
  span<T>(name: string, fn: (span?: Span) => T): T;
  /**
   * Calls `fn` inside a span that starts with attributes; otherwise as above.
   *
   * @param attributes - A function is called only when the span records, after samplers have decided.
   */
  span<T>(name: string, attributes: SpanAttributes, fn: (span?: Span) => T, options?: SpanOptions): T;

  /**
   * Makes a streamed read whose every iteration is one span.
   *
   * The span starts at the first pull, as a child of the span that was current when `iterate` was called; it ends when the source is done,
   * when the consumer leaves (no error), or when the source fails. It is current while the source works, not in the consumer's code between
   * two pulls. `open` is called once per iteration, at its first pull.
   */
  iterate<T>(name: string, attributes: SpanAttributes, open: (span?: Span) => AsyncIterable<T>, options?: IterateOptions): AsyncIterable<T>;
}

/**
 * Makes the spans of one component, under one instrumentation scope.
 *
 * Costs next to nothing while no SDK is registered, and notices one that is registered, replaced or unregistered later.
 *
 * @param scope - Name of the scope, usually that of the package or the class.
 */
export function createTracing(scope: string, options: TracingOptions = {}): Tracing {
  return new ScopedTracing(scope, options);
}

/** The {@link Tracing} of one scope; keeps the tracer of the provider that it saw last. */
export class ScopedTracing implements Tracing {
  readonly enabled: boolean;
  readonly #scope: string;
  readonly #options: TracingOptions;
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  constructor(scope: string, options: TracingOptions) {
    this.enabled = options.enabled ?? true;
    this.#scope = scope;
    this.#options = options;
  }

  span<T>(name: string, fn: (span?: Span) => T): T;
  span<T>(name: string, attributes: SpanAttributes, fn: (span?: Span) => T, options?: SpanOptions): T;
  span<T>(name: string, second: SpanAttributes | ((span?: Span) => T), third?: (span?: Span) => T, options?: SpanOptions): T {
    const fn = third ?? (second as (span?: Span) => T);
    const timer = options?.timer;
    const active = this.start(name, third === undefined ? {} : (second as SpanAttributes), options);
    if (active === undefined && timer === undefined) return fn();
    const observed = (): T =>
      settle(
        () => fn(active?.span),
        () => {
          timer?.succeeded();
          active?.end();
        },
        (error) => {
          timer?.failed(error);
          active?.fail(error);
        },
      );
    return active === undefined ? observed() : active.run(observed);
  }

  iterate<T>(
    name: string,
    attributes: SpanAttributes,
    open: (span?: Span) => AsyncIterable<T>,
    options: IterateOptions = {},
  ): AsyncIterable<T> {
    const parent = options.parent ?? context.active();
    return {
      [Symbol.asyncIterator]: () =>
        new SpanIterator({
          start: () => this.start(name, attributes, options, parent),
          open: (span) => open(span)[Symbol.asyncIterator](),
          onEnd: options.onEnd,
        }),
    };
  }

  /** Starts a span that the caller must end; `undefined` when there is nothing to trace with. */
  start(name: string, attributes: SpanAttributes, options?: SpanOptions, parent?: Context): ActiveSpan | undefined {
    const tracer = this.#currentTracer();
    if (tracer === undefined) return undefined;
    return startSpan(tracer, name, attributes, options, parent ?? options?.parent ?? context.active());
  }

  #currentTracer(): Tracer | undefined {
    const provider = this.enabled ? registeredTracerProvider() : undefined;
    if (provider !== this.#provider) {
      const { version, schemaUrl = SCHEMA_URL } = this.#options;
      this.#provider = provider;
      this.#tracer = provider?.getTracer(this.#scope, version, { schemaUrl });
    }
    return this.#tracer;
  }
}
