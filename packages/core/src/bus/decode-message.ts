import type { DomainEvent } from '../events/event.ts';
import type { EventTransport, IncomingMessage } from './event-transport.ts';
import { UndecodableMessageError } from './undecodable-message-error.ts';

/**
 * Makes an event of a message by its transport's codec.
 *
 * @throws UndecodableMessageError when that fails.
 */
export function decodeMessage(transport: EventTransport, message: IncomingMessage): DomainEvent {
  try {
    return transport.decode(message);
  } catch (cause) {
    throw new UndecodableMessageError(message.route.destination, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
