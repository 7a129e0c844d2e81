import { AsyncLocalStorage } from 'node:async_hooks';

/** What messages hand on to the messages that they cause. */
export interface MessageContext {
  /** Names the whole conversation. */
  readonly correlationId?: string;
  /** Id of the message that is being handled. */
  readonly causationId?: string;
  /** Who acts. */
  readonly actorId?: string;
  /** For whom the data is kept. */
  readonly tenantId?: string;
}

const storage = new AsyncLocalStorage<MessageContext>();
const none: MessageContext = Object.freeze({});

/** The message context around the running code; empty outside of any. */
export function currentMessageContext(): MessageContext {
  return storage.getStore() ?? none;
}

/**
 * Runs a function within a message context: the events raised in it, also after awaits, carry its correlation, causation, actor and tenant.
 *
 * Fields left out are those of the context around; a web service calls this once a request, a bus once a message.
 */
export function withMessageContext<T>(context: MessageContext, fn: () => T): T {
  return storage.run({ ...currentMessageContext(), ...context }, fn);
}

/** The context in which an event is handled: what it causes belongs to its conversation, and is caused by it. */
export function messageContextOf(event: {
  readonly id: string;
  readonly correlationId: string;
  readonly actorId?: string;
  readonly tenantId?: string;
}): MessageContext {
  return {
    correlationId: event.correlationId,
    causationId: event.id,
    ...(event.actorId === undefined ? {} : { actorId: event.actorId }),
    ...(event.tenantId === undefined ? {} : { tenantId: event.tenantId }),
  };
}

/** Runs a function as the handling of an event: in the event's own message context alone, whatever context happens to be around. */
export function withEventContext<T>(event: Parameters<typeof messageContextOf>[0], fn: () => T): T {
  return storage.run(messageContextOf(event), fn);
}
