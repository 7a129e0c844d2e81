import { ATTR_AGGREGATE_TYPE, ATTR_EVENT_COUNT, currentTraceContext, linksTo, ROOT_CONTEXT, type Tracing } from '@es/otel';
import { AppendWindow } from './append-window.ts';
import type { ImportOptions, ImportSummary } from './import-options.ts';
import type { Line } from './line-reader.ts';
import { type LoggedEvent, parseLine } from './logged-event.ts';
import { OtherLogError } from './other-log-error.ts';

/** One run of an import. */
export class LogImport {
  readonly #options: ImportOptions;
  readonly #tracing: Tracing;
  readonly #window: AppendWindow;
  readonly #resumedAfter: number;
  /** How many of its events the log has told up to here, for each aggregate: the version of its stream. */
  readonly #versions = new Map<string, number>();
  #line: number;
  #events = 0;
  #alreadyThere = 0;
  #aggregatesBegun = 0;

  static async begin(options: ImportOptions, tracing: Tracing): Promise<LogImport> {
    const resumedAfter = Number((await options.checkpoints.load(subscriptionOf(options))) ?? 0n);
    return new LogImport(options, tracing, resumedAfter, await options.eventStore.getHeadPosition());
  }

  private constructor(options: ImportOptions, tracing: Tracing, resumedAfter: number, headBefore: bigint) {
    this.#options = options;
    this.#tracing = tracing;
    this.#resumedAfter = resumedAfter;
    this.#line = resumedAfter;
    this.#window = new AppendWindow({
      eventStore: options.eventStore,
      aggregateType: options.format.aggregateType,
      inFlight: options.inFlight,
      onAppended: ({ version, position }) => {
        if (position <= headBefore) this.#alreadyThere += 1;
        else if (version === 1) this.#aggregatesBegun += 1;
      },
    });
  }

  async finish(): Promise<ImportSummary> {
    const lines = this.#options.lines[Symbol.asyncIterator]();
    try {
      let next = await this.#skipImported(lines);
      while (next !== undefined) next = await this.#importChunk(next, lines);
    } finally {
      await lines.return?.();
    }
    return {
      line: this.#line,
      events: this.#events,
      resumedAfter: this.#resumedAfter,
      alreadyThere: this.#alreadyThere,
      aggregatesBegun: this.#aggregatesBegun,
      stopped: this.#options.signal?.aborted === true,
    };
  }

  /** @returns the first line that is not imported yet, if any. */
  async #skipImported(lines: AsyncIterator<Line>): Promise<Line | undefined> {
    let last: LoggedEvent | undefined;
    let next = await this.#pull(lines);
    while (next !== undefined && next.number <= this.#resumedAfter) {
      last = this.#parse(next).logged;
      next = await this.#pull(lines);
    }
    if (this.#resumedAfter > 0 && this.#options.signal?.aborted !== true) await this.#assertImported(last);
    return next;
  }

  #parse(line: Line): { readonly logged: LoggedEvent; readonly version: number } {
    const logged = parseLine(line, this.#options.logName, this.#options.format);
    const version = (this.#versions.get(logged.aggregateId) ?? 0) + 1;
    this.#versions.set(logged.aggregateId, version);
    return { logged, version };
  }

  /** A log of the same name, but with other lines, must not lose its beginning. */
  async #assertImported(last: LoggedEvent | undefined): Promise<void> {
    const { logName, format, eventStore } = this.#options;
    if (last?.line !== this.#resumedAfter)
      throw new OtherLogError(logName, this.#resumedAfter, `this one has no event in line ${this.#resumedAfter}`);
    const { aggregateId, event, line } = last;
    const version = this.#versions.get(aggregateId) ?? 0;
    const stream = { aggregateType: format.aggregateType, aggregateId };
    const stored = await eventStore.getEvents(stream, { fromVersion: version, toVersion: version }).first();
    if (stored?.id !== event.id) throw new OtherLogError(logName, this.#resumedAfter, `line ${line} of this one is not among them`);
  }

  /**
   * Imports the lines from `first` to the next checkpoint. Each chunk is a trace of its own, linked to the import's: one trace of all events
   * would be too long to look at.
   *
   * @returns the line after it, if any.
   */
  #importChunk(first: Line, lines: AsyncIterator<Line>): Promise<Line | undefined> {
    const { logName, format, checkpointEvery, onProgress } = this.#options;
    const attributes = { 'log.name': logName, 'log.first_line': first.number, [ATTR_AGGREGATE_TYPE]: format.aggregateType };
    const importSpan = currentTraceContext();
    const options = { parent: ROOT_CONTEXT, links: linksTo(importSpan === undefined ? [] : [importSpan]) };
    return this.#tracing.span(
      'import_log.chunk',
      attributes,
      async (span) => {
        const before = this.#events;
        let next: Line | undefined = first;
        try {
          for (; next !== undefined && next.number < first.number + checkpointEvery; next = await this.#pull(lines)) {
            const { logged, version } = this.#parse(next);
            await this.#window.add(logged, version);
            this.#line = next.number;
            this.#events += 1;
          }
        } finally {
          await this.#checkpoint();
          span?.setAttributes({ 'log.last_line': this.#line, [ATTR_EVENT_COUNT]: this.#events - before });
        }
        onProgress?.({ line: this.#line, events: this.#events });
        return next;
      },
      options,
    );
  }

  /** Once all lines up to here are stored, and only then. */
  async #checkpoint(): Promise<void> {
    await this.#window.drain();
    await this.#options.checkpoints.save(subscriptionOf(this.#options), BigInt(this.#line));
  }

  /** @returns the next line; `undefined` at the end, or when the import is to stop. */
  async #pull(lines: AsyncIterator<Line>): Promise<Line | undefined> {
    const { signal } = this.#options;
    try {
      const { done, value } = await lines.next();
      return done === true || signal?.aborted === true ? undefined : value;
    } catch (error) {
      if (signal?.aborted === true) return undefined;
      throw error;
    }
  }
}

function subscriptionOf({ logName }: ImportOptions): string {
  return `import-log/${logName}`;
}
