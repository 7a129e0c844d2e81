import type { DomainEvent } from '../events/event.ts';

/** The protocol that messages travel by; formats name their header fields differently in each. */
export type MessageProtocol = 'amqp' | 'kafka';

/** An event as it travels. */
export interface EncodedMessage {
  /** Media type of the body. */
  readonly contentType: string;
  /** Fields beside the body, without trace context, which is added. */
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

/** A message as a codec sees it, whichever broker it came from. */
export interface MessageToDecode {
  /** As text; `content-type` among them wherever the message has one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How events become messages and messages events. Upcasting and the check of the data by its schema come after. */
export interface EventCodec {
  /**
   * Makes a message of an event with data as JSON.
   *
   * @throws InvalidArgumentError when the format can't say what the event says; nothing is published then.
   */
  encode(event: DomainEvent, protocol: MessageProtocol): EncodedMessage;
  /**
   * Makes an event of a message, with data as JSON.
   *
   * @throws Error that says what is wrong, without the message's contents.
   */
  decode(message: MessageToDecode, protocol: MessageProtocol): DomainEvent;
}
