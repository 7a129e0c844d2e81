import { NoopSpanProcessor, type ReadableSpan, type Span } from '@opentelemetry/sdk-trace';
import { type RecordedSpan, recordedSpan } from './recorded-span.ts';

/** Keeps every span that an SDK starts, in the order of their starts, so that spans which nobody ends are seen too. */
export class SpanRecorder extends NoopSpanProcessor {
  #spans: ReadableSpan[] = [];

  override onStart(span: Span): void {
    this.#spans.push(span);
  }

  /** Spans in the order in which they started. */
  spans(state: { readonly ended: boolean }): RecordedSpan[] {
    return this.#spans.filter((span) => span.ended === state.ended).map(recordedSpan);
  }

  reset(): void {
    this.#spans = [];
  }
}
