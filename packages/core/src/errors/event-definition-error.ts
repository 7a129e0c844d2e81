import { EventSourcingError } from './event-sourcing-error.ts';

/** A definition of events, an aggregate or a decider contradicts itself or another one. Code `ES_EVENT_DEFINITION`. */
export class EventDefinitionError extends EventSourcingError {
  constructor(message: string, options?: ErrorOptions) {
    super('ES_EVENT_DEFINITION', message, options);
  }
}
