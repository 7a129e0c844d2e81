/** A span exporter that keeps nothing but the number of spans. */
export class SpanCounter {
  #spans = 0;

  /** Spans exported so far. */
  get spans(): number {
    return this.#spans;
  }

  export(spans: readonly unknown[], done: (result: { readonly code: 0 }) => void): void {
    this.#spans += spans.length;
    done({ code: 0 });
  }

  async shutdown(): Promise<void> {
    return undefined;
  }
}
