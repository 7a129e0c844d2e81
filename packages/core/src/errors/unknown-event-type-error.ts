import { EventSourcingError } from './event-sourcing-error.ts';

/** An event has a type that the registry in charge does not know. Code `ES_UNKNOWN_EVENT_TYPE`. */
export class UnknownEventTypeError extends EventSourcingError {
  /** The type that is unknown. */
  readonly eventType: string;
  /** The event's id. */
  readonly eventId: string;

  constructor(eventType: string, eventId: string, known: Iterable<string>) {
    const names = [...known].sort();
    super(
      'ES_UNKNOWN_EVENT_TYPE',
      `Event ${eventId} has the type ${JSON.stringify(eventType)}, which is not defined here. ` +
        `Known: ${names.length === 0 ? 'none' : names.join(', ')}. Define it with defineEvent() and add it to the \`events\` of the aggregate, decider or store.`,
    );
    this.eventType = eventType;
    this.eventId = eventId;
  }
}
