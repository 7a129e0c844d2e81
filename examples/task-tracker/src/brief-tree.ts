import { type EndedSpan, TreeSpanExporter } from '@es/otel/node';

const PREFIX = 'eventsource.';

/** Attributes that tell the story; ids and what every span repeats are left out. */
const attributes = ['event.type', 'expected_version', 'version', 'events.replayed', 'channel', 'db.system.name'];

/** Prints traces as trees that fit a terminal: attribute names without the prefix they share, and of an error its type. */
export class BriefTreeExporter {
  readonly #tree = new TreeSpanExporter({ attributes });

  export(spans: readonly EndedSpan[], done: Parameters<TreeSpanExporter['export']>[1]): void {
    this.#tree.export(spans.map(brief), done);
  }

  forceFlush(): Promise<void> {
    return this.#tree.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#tree.shutdown();
  }
}

function brief(span: EndedSpan): EndedSpan {
  const entries = Object.entries(span.attributes).map(([key, value]) => [key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key, value]);
  const errorType = span.attributes['error.type'];
  const status = errorType === undefined ? span.status : { ...span.status, message: String(errorType) };
  return Object.create(span, { attributes: { value: Object.fromEntries(entries) }, status: { value: status } }) as EndedSpan;
}
