import { AggregateRepository, type EventStore, hasErrorCode } from '@es/core';
import type { Line } from './line-reader.ts';
import type { LogFormat } from './log-format.ts';
import { type IndexedEvent, indexLog, type LogIndex } from './log-index.ts';
import { loggedAggregateClass } from './logged-aggregate.ts';
import { loggedEventDefinition } from './logged-event.ts';
import { checkOrder, type OrderSummary } from './verify-order.ts';

/** What a verification is made of. */
export interface VerifyOptions {
  /** The name under which the log was imported. */
  readonly logName: string;
  readonly lines: AsyncIterable<Line>;
  readonly format: LogFormat;
  readonly eventStore: EventStore;
}

/** What a verification found. */
export interface VerifySummary extends OrderSummary {
  /** Events of the log. */
  readonly events: number;
  /** Aggregates of the log, each loaded by its repository. */
  readonly aggregates: number;
  /** What is not in the store as it is in the log, one sentence each. */
  readonly differences: readonly string[];
}

/**
 * Compares a store with a log: loads every aggregate and compares each of its events with the log's, then reads the whole store in order.
 *
 * @throws BadLineError when a line of the log is no event; StorageError when the database fails.
 */
export async function verifyLog({ logName, lines, format, eventStore }: VerifyOptions): Promise<VerifySummary> {
  const log = await indexLog(lines, logName, format);
  const differences = await compareAggregates(log, format.aggregateType, eventStore);
  const order = await checkOrder(log, format.aggregateType, eventStore);
  return { events: log.events, aggregates: log.aggregates.size, ...order, differences: [...differences, ...order.differences] };
}

async function compareAggregates(log: LogIndex, aggregateType: string, eventStore: EventStore): Promise<string[]> {
  const definitions = [...log.types].map(loggedEventDefinition);
  const repository = new AggregateRepository({ eventStore, aggregate: loggedAggregateClass(aggregateType, definitions) });
  const differences: string[] = [];
  for (const [id, expected] of log.aggregates) {
    try {
      const { state } = await repository.load(id);
      differences.push(...compareEvents(`${aggregateType} ${id}`, expected, state));
    } catch (error) {
      if (!hasErrorCode(error, 'ES_AGGREGATE_NOT_FOUND') && !hasErrorCode(error, 'ES_UNKNOWN_EVENT_TYPE')) throw error;
      differences.push(`${aggregateType} ${id}, begun at line ${expected[0]?.line} of the log: ${(error as Error).message}`);
    }
  }
  return differences;
}

function compareEvents(name: string, expected: readonly IndexedEvent[], stored: readonly string[]): string[] {
  const differences = expected.flatMap(({ line, fingerprint }, index) => {
    if (index >= stored.length) return [`${name} lacks its event ${index + 1}, line ${line} of the log.`];
    return stored[index] === fingerprint ? [] : [`${name} has another event ${index + 1} than line ${line} of the log says.`];
  });
  const more = stored.length - expected.length;
  return more > 0 ? [...differences, `${name} has ${more} more events than the log.`] : differences;
}
