import type { EndedSpan } from './span-tree.ts';
import { type Branch, SpanForest } from './span-tree.ts';
import { formatBranch } from './span-tree-format.ts';

/** What an exporter reports back, as the SDK's `ExportResult`: code 0 is success, 1 is failure. */
export interface SpanExportResult {
  readonly code: 0 | 1;
  readonly error?: Error;
}

/** How a {@link TreeSpanExporter} prints, and how much it keeps while it waits for spans to end. */
export interface TreeSpanExporterOptions {
  /** Takes the text of whole branches, each line ended by a line feed. Default: the standard output. */
  readonly write?: ((text: string) => unknown) | undefined;
  /**
   * The attributes shown, in this order. `prefix.*` stands for all attributes that begin so; these are shown without the prefix.
   * Default: {@link DEFAULT_TREE_ATTRIBUTES}.
   */
  readonly attributes?: readonly string[] | undefined;
  /** Whether to use terminal colours. Default: only on a terminal, not with `write`, and not when `NO_COLOR` is set. */
  readonly colors?: boolean | undefined;
  /** The number of traces that may wait for their tops to end; past it the oldest is printed as it is. Default 1,000. */
  readonly maxTraces?: number | undefined;
  /** The number of spans that may wait for their tops to end; past it the oldest trace is printed as it is. Default 10,000. */
  readonly maxSpans?: number | undefined;
}

/** The attributes that a {@link TreeSpanExporter} shows unless told otherwise. */
export const DEFAULT_TREE_ATTRIBUTES: readonly string[] = Object.freeze([
  'eventsource.*',
  'db.system.name',
  'messaging.destination.name',
  'error.type',
]);

const SUCCESS: SpanExportResult = { code: 0 };

/**
 * Prints traces as trees, for people at work on a service: one line a span, with its duration in milliseconds, its kind when that is not
 * INTERNAL, its key attributes, its error and its links.
 *
 * A trace is printed when the span at its top in this process has ended. Spans that end later are printed under a heading of their own;
 * what still waits is printed by `forceFlush` and `shutdown`. No span is left out, and memory is bounded. A `SpanExporter` of the SDK.
 */
export class TreeSpanExporter {
  readonly #forest: SpanForest;
  readonly #format: { readonly attributes: readonly string[]; readonly colors: boolean };
  readonly #write: (text: string) => unknown;

  constructor(options: TreeSpanExporterOptions = {}) {
    const { write, attributes = DEFAULT_TREE_ATTRIBUTES, colors, maxTraces = 1_000, maxSpans = 10_000 } = options;
    this.#forest = new SpanForest({ maxTraces, maxSpans });
    this.#format = { attributes, colors: colors ?? (write === undefined && terminalHasColors()) };
    this.#write = write ?? ((text) => process.stdout.write(text));
  }

  /** Takes ended spans and prints what they complete. A `write` that throws makes the export fail, nothing else. */
  export(spans: readonly EndedSpan[], resultCallback: (result: SpanExportResult) => void): void {
    try {
      for (const span of spans) this.#print(this.#forest.add(span));
    } catch (error) {
      resultCallback({ code: 1, error: error instanceof Error ? error : new Error(String(error)) });
      return;
    }
    resultCallback(SUCCESS);
  }

  /** Prints every span that still waits for its parent. */
  async forceFlush(): Promise<void> {
    this.#print(this.#forest.drain());
  }

  /** Prints every span that still waits for its parent. */
  async shutdown(): Promise<void> {
    await this.forceFlush();
  }

  #print(branches: readonly Branch[]): void {
    if (branches.length === 0) return;
    this.#write(branches.map((branch) => formatBranch(branch, this.#format)).join(''));
  }
}

function terminalHasColors(): boolean {
  const { NO_COLOR } = process.env;
  return process.stdout.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '');
}
