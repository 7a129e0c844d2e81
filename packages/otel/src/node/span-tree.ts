import type { Attributes, HrTime, Link, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api';

/** What the tree shows of an ended span. The SDK's `ReadableSpan` has all of it. */
export interface EndedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  spanContext(): SpanContext;
  readonly parentSpanContext?: SpanContext | undefined;
  readonly startTime: HrTime;
  readonly duration: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: readonly Link[];
}

/** A span with the spans started inside it, in the order in which they started. */
export interface SpanNode {
  readonly span: EndedSpan;
  readonly children: readonly SpanNode[];
}

/**
 * Why a branch stands by itself: it begins its trace (`root`), its parent lives in another process (`remote`), its parent was handed
 * out before (`late`), or its parent has not ended yet or never came (`orphan`).
 */
export type BranchPlace = 'root' | 'remote' | 'late' | 'orphan';

/** A span that stands at the top of what one trace has to show now, with everything under it. */
export interface Branch {
  readonly place: BranchPlace;
  readonly top: SpanNode;
}

/** How much is kept while waiting for parents to end. */
export interface SpanForestLimits {
  readonly maxTraces: number;
  readonly maxSpans: number;
}

/**
 * Puts ended spans of many traces together into branches. Children end before their parents, so a span waits until the top of its
 * branch has ended. Past its limits it gives up waiting for the trace that has waited longest; no span is dropped.
 */
export class SpanForest {
  readonly #limits: SpanForestLimits;
  readonly #waiting = new Map<string, Map<string, EndedSpan>>();
  readonly #handedOut = new Set<string>();
  #waitingSpans = 0;

  constructor(limits: SpanForestLimits) {
    this.#limits = limits;
  }

  /** Takes in an ended span and returns the branches that it completes, or that have to make room for it. */
  add(span: EndedSpan): Branch[] {
    this.#wait(span);
    const place = this.#placeOf(span);
    const complete = place === undefined ? [] : [this.#cut(span, place)];
    return [...complete, ...this.#makeRoom()];
  }

  /** Everything that still waits, as orphans; nothing is left afterwards. */
  drain(): Branch[] {
    return [...this.#waiting.keys()].flatMap((traceId) => this.#drainTrace(traceId));
  }

  #wait(span: EndedSpan): void {
    const { traceId, spanId } = span.spanContext();
    let trace = this.#waiting.get(traceId);
    if (trace === undefined) {
      trace = new Map();
      this.#waiting.set(traceId, trace);
    }
    if (!trace.has(spanId)) this.#waitingSpans += 1;
    trace.set(spanId, span);
  }

  #placeOf(span: EndedSpan): BranchPlace | undefined {
    const parent = span.parentSpanContext;
    if (parent === undefined) return 'root';
    if (parent.isRemote === true) return 'remote';
    return this.#handedOut.has(keyOf(parent)) ? 'late' : undefined;
  }

  #makeRoom(): Branch[] {
    const branches: Branch[] = [];
    for (const traceId of this.#waiting.keys()) {
      if (this.#waiting.size <= this.#limits.maxTraces && this.#waitingSpans <= this.#limits.maxSpans) break;
      branches.push(...this.#drainTrace(traceId));
    }
    return branches;
  }

  #drainTrace(traceId: string): Branch[] {
    const trace = this.#waiting.get(traceId) ?? new Map<string, EndedSpan>();
    const tops = [...trace.values()].filter((span) => !trace.has(span.parentSpanContext?.spanId ?? ''));
    const branches = tops.sort(byStart).map((top) => this.#cut(top, 'orphan'));
    // Only spans that are each other's ancestors, which no tracer makes, can be left: they must not be kept for ever.
    this.#waitingSpans -= this.#waiting.get(traceId)?.size ?? 0;
    this.#waiting.delete(traceId);
    return branches;
  }

  /** Takes a span and all its descendants out of those that wait. Without recursion: a trace can be deeper than the call stack. */
  #cut(top: EndedSpan, place: BranchPlace): Branch {
    const { traceId } = top.spanContext();
    const trace = this.#waiting.get(traceId) ?? new Map<string, EndedSpan>();
    const childrenOf = Map.groupBy(trace.values(), (span) => span.parentSpanContext?.spanId);
    const node = { span: top, children: [] as SpanNode[] };
    const open = [node];
    for (let current = open.pop(); current !== undefined; current = open.pop()) {
      const { spanId } = current.span.spanContext();
      if (trace.delete(spanId)) this.#waitingSpans -= 1;
      this.#remember(current.span.spanContext());
      const children = (childrenOf.get(spanId) ?? []).filter((child) => trace.has(child.spanContext().spanId));
      for (const child of children.sort(byStart)) {
        const childNode = { span: child, children: [] as SpanNode[] };
        current.children.push(childNode);
        open.push(childNode);
      }
    }
    if (trace.size === 0) this.#waiting.delete(traceId);
    return { place, top: node };
  }

  #remember(span: SpanContext): void {
    this.#handedOut.add(keyOf(span));
    if (this.#handedOut.size <= this.#limits.maxSpans) return;
    for (const oldest of this.#handedOut) {
      this.#handedOut.delete(oldest);
      break;
    }
  }
}

function keyOf({ traceId, spanId }: SpanContext): string {
  return `${traceId}/${spanId}`;
}

function byStart(a: EndedSpan, b: EndedSpan): number {
  return a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1];
}
