import { randomUUID } from 'node:crypto';
import type { EventStore, EventToAppend, StoredEvent } from '@es/core';

/** Events as a caller would make them. */
export function someEvents(count: number, more: Partial<EventToAppend> = {}): EventToAppend[] {
  const occurredAt = new Date().toISOString();
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: 'Happened',
    schemaVersion: 1,
    occurredAt,
    data: {},
    metadata: {},
    ...more,
  }));
}

/** A stream that nobody has used. */
export function aStream(aggregateType = 'Sample'): { aggregateType: string; aggregateId: string } {
  return { aggregateType, aggregateId: randomUUID() };
}

/** A reader that goes on from where it stands, as a subscription does. */
export class Follower {
  readonly #store: EventStore;
  readonly seen: StoredEvent[] = [];
  #checkpoint = 0n;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** Reads what is new. @returns the aggregate ids and versions, as short texts. */
  async poll(): Promise<string[]> {
    const page = await this.#store.readAll({ after: this.#checkpoint }).toArray();
    this.seen.push(...page);
    this.#checkpoint = page.at(-1)?.position ?? this.#checkpoint;
    return page.map(({ aggregateId, version }) => `${aggregateId}@${version}`);
  }
}

/** What stands in a log where something went wrong: positions that don't rise, versions that don't count up. */
export function disorderOf(log: readonly StoredEvent[]): string[] {
  const wrong: string[] = [];
  const versions = new Map<string, number>();
  let position = 0n;
  for (const event of log) {
    const due = (versions.get(event.aggregateId) ?? 0) + 1;
    if (event.position <= position) wrong.push(`position ${event.position} after ${position}`);
    if (event.version !== due) wrong.push(`${event.aggregateId}: version ${event.version} where ${due} was due`);
    position = event.position;
    versions.set(event.aggregateId, event.version);
  }
  return wrong;
}
