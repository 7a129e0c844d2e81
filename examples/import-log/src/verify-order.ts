import type { EventStore, StoredEvent } from '@es/core';
import { fingerprintOf } from './fingerprint.ts';
import type { LogIndex } from './log-index.ts';

/** What reading everything in order found. */
export interface OrderSummary {
  /** Events read. */
  readonly read: number;
  /** Events that stand behind one of a later line: appends on their way at the same time may overtake each other, within the import's window. */
  readonly overtaken: number;
  /** By how many lines at most. */
  readonly greatestDistance: number;
  readonly differences: readonly string[];
}

/** Reads all events of a kind of aggregate in the store's global order and compares each with the log. */
export async function checkOrder(log: LogIndex, aggregateType: string, eventStore: EventStore): Promise<OrderSummary> {
  const versions = new Map<string, number>();
  const differences: string[] = [];
  let position = 0n;
  let [read, overtaken, greatestDistance, latestLine] = [0, 0, 0, 0];
  for await (const event of eventStore.readAll({ aggregateTypes: [aggregateType] })) {
    read += 1;
    if (event.position <= position) differences.push(`${name(event)} comes after position ${position}.`);
    position = event.position;
    const version = (versions.get(event.aggregateId) ?? 0) + 1;
    versions.set(event.aggregateId, version);
    if (event.version !== version) differences.push(`${name(event)} comes where version ${version} was due.`);
    const logged = log.aggregates.get(event.aggregateId)?.[event.version - 1];
    if (logged === undefined || logged.fingerprint !== fingerprintOf(event)) {
      differences.push(`${name(event)} is not what the log says.`);
      continue;
    }
    if (logged.line < latestLine) overtaken += 1;
    greatestDistance = Math.max(greatestDistance, latestLine - logged.line);
    latestLine = Math.max(latestLine, logged.line);
  }
  if (read !== log.events) differences.push(`The store holds ${read} events of ${aggregateType}, the log ${log.events}.`);
  return { read, overtaken, greatestDistance, differences };
}

function name({ aggregateType, aggregateId, version, position }: StoredEvent): string {
  return `${aggregateType} ${aggregateId} version ${version} at position ${position}`;
}
