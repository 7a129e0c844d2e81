import { fingerprintOf } from './fingerprint.ts';
import type { Line } from './line-reader.ts';
import type { LogFormat } from './log-format.ts';
import { parseLine } from './logged-event.ts';

/** Where an event stands in its log, and what it says. */
export interface IndexedEvent {
  readonly line: number;
  readonly fingerprint: string;
}

/** A log by its aggregates; holds a fingerprint of each event, not the event. */
export interface LogIndex {
  readonly events: number;
  readonly types: ReadonlySet<string>;
  /** The events of each aggregate, oldest first. */
  readonly aggregates: ReadonlyMap<string, readonly IndexedEvent[]>;
}

/** @throws BadLineError at a line that is no event. */
export async function indexLog(lines: AsyncIterable<Line>, logName: string, format: LogFormat): Promise<LogIndex> {
  const aggregates = new Map<string, IndexedEvent[]>();
  const types = new Set<string>();
  let events = 0;
  for await (const line of lines) {
    const { aggregateId, event } = parseLine(line, logName, format);
    const indexed = { line: line.number, fingerprint: fingerprintOf(event) };
    const known = aggregates.get(aggregateId);
    if (known === undefined) aggregates.set(aggregateId, [indexed]);
    else known.push(indexed);
    types.add(event.type);
    events += 1;
  }
  return { events, types, aggregates };
}
