import type { ImportSummary } from './import-options.ts';
import type { VerifySummary } from './verify-log.ts';

const MAX_DIFFERENCES = 10;
const MEBIBYTE = 1024 * 1024;

/** What the machine spent on a run. */
export interface Expense {
  readonly seconds: number;
  /** Greatest resident set of the process, in bytes. */
  readonly peakMemory: number;
  /** Size of the SQLite files, in bytes. */
  readonly onDisk: number;
  /** Spans exported; `undefined` without telemetry. */
  readonly spans: number | undefined;
}

/** The report of an import, line by line. */
export function importReport(summary: ImportSummary, expense: Expense): string[] {
  const { line, events, resumedAfter, alreadyThere, aggregatesBegun, stopped } = summary;
  return [
    outcome(line, stopped),
    '',
    ...(resumedAfter > 0 ? [row('resumed after line', count(resumedAfter))] : []),
    row('events', `${count(events - alreadyThere)}${alreadyThere > 0 ? `, and ${count(alreadyThere)} that were there already` : ''}`),
    row('aggregates begun', count(aggregatesBegun)),
    ...expenseRows(events, expense),
  ];
}

function outcome(line: number, stopped: boolean): string {
  if (stopped) return `Stopped after line ${count(line)}; run the same command again to go on.`;
  return line === 0 ? 'The log is empty.' : `Imported up to line ${count(line)}, the last one.`;
}

/** The report of a verification, line by line. */
export function verifyReport(
  { events, aggregates, read, overtaken, greatestDistance, differences }: VerifySummary,
  expense: Expense,
): string[] {
  const shown = differences.slice(0, MAX_DIFFERENCES).map((difference) => `  ✗ ${difference}`);
  const more = differences.length - shown.length;
  return [
    differences.length === 0
      ? 'The store holds the log, event for event.'
      : `The store differs from the log in ${count(differences.length)} places:`,
    ...shown,
    ...(more > 0 ? [`  … and ${count(more)} more`] : []),
    '',
    row('events in the log', count(events)),
    row('aggregates reloaded', count(aggregates)),
    row('events read in order', count(read)),
    row('order', overtaken === 0 ? "the log's" : `${count(overtaken)} events were overtaken, by at most ${count(greatestDistance)} lines`),
    ...expenseRows(events + read, expense),
  ];
}

function expenseRows(events: number, { seconds, peakMemory, onDisk, spans }: Expense): string[] {
  return [
    row('time', `${seconds.toFixed(2)} s (${count(Math.round(events / seconds))} events/s)`),
    row('peak memory', size(peakMemory)),
    row('on disk', size(onDisk)),
    ...(spans === undefined ? [] : [row('spans', count(spans))]),
  ];
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(22)}${value}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function size(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
