import { EventSourcingError } from '../errors/event-sourcing-error.ts';

/** No event can be made of a message. Code `ES_UNDECODABLE_MESSAGE`. */
export class UndecodableMessageError extends EventSourcingError {
  /** @param reason - What is wrong with the message, without its contents, which may be confidential. */
  constructor(destination: string, reason: string, options?: ErrorOptions) {
    super('ES_UNDECODABLE_MESSAGE', `A message from ${destination} holds no event: ${reason}.`, options);
  }
}
