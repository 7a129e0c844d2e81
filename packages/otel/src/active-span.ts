import {
  type Attributes,
  type Context,
  context,
  type Link,
  type Span,
  type SpanKind,
  type Tracer,
  type SpanOptions as TracerSpanOptions,
  trace,
} from '@opentelemetry/api';
import { recordFailure } from './span-errors.ts';
import type { Timer } from './timer.ts';
import { withoutThrowing } from './without-throwing.ts';

/** Attributes of a span, or a function that computes them and is called only when the span records. */
export type SpanAttributes = Attributes | (() => Attributes);

/** How a span is started. */
export interface SpanOptions {
  /** The span's role; INTERNAL when absent. */
  kind?: SpanKind | undefined;
  /** Spans that this one is related to without being their child. */
  links?: readonly Link[] | undefined;
  /** Context whose span becomes the parent, and in which `fn` runs; the active context when absent. */
  parent?: Context | undefined;
  /** Told when the span ends how that went, also where there is no span: what span and metric say of an operation agrees. */
  timer?: Timer | undefined;
}

/** A started span and the context in which it is current. Ends once, however often it is told to. */
export class ActiveSpan {
  readonly span: Span;
  readonly #context: Context;
  #ended = false;

  constructor(span: Span, current: Context) {
    this.span = span;
    this.#context = current;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Runs `fn`, and everything asynchronous that it starts, with the span current. */
  run<T>(fn: () => T): T {
    return context.with(this.#context, fn);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.span.end();
  }

  fail(error: unknown): void {
    if (this.#ended) return;
    recordFailure(this.span, error);
    this.end();
  }
}

/** Starts a span; `undefined` when the SDK refuses to make one because tracing is suppressed in the parent context. */
export function startSpan(
  tracer: Tracer,
  name: string,
  attributes: SpanAttributes,
  options: SpanOptions | undefined,
  parent: Context,
): ActiveSpan | undefined {
  const computed = typeof attributes === 'function' ? attributes : undefined;
  const span = tracer.startSpan(name, tracerOptions(computed === undefined ? (attributes as Attributes) : undefined, options), parent);
  if (span.isRecording()) {
    if (computed !== undefined) withoutThrowing(`computing the attributes of span '${name}'`, () => span.setAttributes(computed()));
  } else if (!trace.isSpanContextValid(span.spanContext())) {
    // Making it current would hide the caller's span from what is stored and injected.
    return undefined;
  }
  return new ActiveSpan(span, trace.setSpan(parent, span));
}

function tracerOptions(attributes: Attributes | undefined, given: SpanOptions | undefined): TracerSpanOptions {
  const options: TracerSpanOptions = {};
  if (attributes !== undefined) options.attributes = attributes;
  if (given?.kind !== undefined) options.kind = given.kind;
  if (given?.links !== undefined) options.links = [...given.links];
  return options;
}
