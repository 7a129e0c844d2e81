import { Writable } from 'node:stream';
import { consoleDestination } from './console-destination.ts';
import type { LogDestination, LogRecord } from './logger.ts';
import { configureLogging } from './logging-hierarchy.ts';
import { loggingState } from './logging-state.ts';

/** Sends all records to a list. */
export function recordLogs(): LogRecord[] {
  const records: LogRecord[] = [];
  const destination: LogDestination = { write: (record) => void records.push(record) };
  configureLogging({ destination });
  return records;
}

/** Puts logging back as it is in a fresh process. */
export function resetLogging(): void {
  const state = loggingState();
  state.destination = consoleDestination();
  state.thresholds.clear();
  state.revision++;
}

/** A stream that keeps the lines written to it. */
export class LineSink extends Writable {
  readonly lines: string[] = [];

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.lines.push(...String(chunk).trimEnd().split('\n'));
    done();
  }

  /** The one line that was written, as text and parsed. */
  one(): { text: string; record: Record<string, unknown> } {
    const [text, ...others] = this.lines;
    if (text === undefined || others.length > 0) throw new Error(`Expected one line, got ${this.lines.length}.`);
    return { text, record: JSON.parse(text) as Record<string, unknown> };
  }
}
