import type { DomainEvent } from './event.ts';
import { readData } from './event-data.ts';
import type { EventRegistry } from './event-registry.ts';
import { upcastData } from './upcast.ts';
import { isValidatedBy } from './validated-data.ts';

/**
 * Makes of an event with data as stored or sent one with the data that its definition promises: upcast, validated, frozen.
 *
 * @returns the same event if there is nothing to change about it.
 * @throws UnknownEventTypeError, UpcastError or EventDataError when the registry does not accept the event.
 */
export function decodeEventData<Event extends DomainEvent>(event: Event, registry: EventRegistry): Event {
  const definition = registry.definitionOf(event);
  if (isValidatedBy(event.data, definition)) return event;
  const current = event.schemaVersion === definition.schemaVersion ? event.data : upcastData(definition, event, event.data);
  const data = readData(definition, current, event.id);
  if (data === event.data && event.schemaVersion === definition.schemaVersion) return event;
  return Object.freeze({ ...event, data, schemaVersion: definition.schemaVersion });
}
