import { EventSourcingError } from './event-sourcing-error.ts';

/** An operation was called on a component after its `close()` or `stop()`. Code `ES_CLOSED`. */
export class ClosedError extends EventSourcingError {
  constructor(component: string, operation: string) {
    super('ES_CLOSED', `${component}.${operation} was called after the component was closed. Nothing was done; build a new one to go on.`);
  }
}
