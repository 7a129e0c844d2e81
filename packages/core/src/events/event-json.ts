import type { DomainEvent, StoredEvent } from './event.ts';
import type { JsonObject } from './json.ts';

/**
 * The JSON form of an event, for an API or a log: `JSON.stringify` alone refuses the bigint position. The position becomes a decimal string,
 * which `BigInt` reads back; data becomes what is stored.
 */
export function eventToJson(event: DomainEvent | StoredEvent): JsonObject {
  const replacer = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
  return JSON.parse(JSON.stringify(event, replacer));
}
