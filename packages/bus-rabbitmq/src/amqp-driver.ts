/** A message as the driver delivers it. */
export interface AmqpMessage {
  readonly content: Buffer;
  readonly fields: {
    readonly deliveryTag: number;
    readonly exchange: string;
    /** Whether the broker has delivered it before. */
    readonly redelivered: boolean;
    readonly routingKey: string;
  };
  readonly properties: {
    readonly contentType?: unknown;
    readonly headers?: Readonly<Record<string, unknown>> | undefined;
    readonly messageId?: unknown;
    readonly timestamp?: unknown;
    readonly type?: unknown;
  };
}

/** What of a message an acknowledgement needs. */
export interface AmqpDelivery {
  readonly fields: { readonly deliveryTag: number };
}

/** What a message is published with. */
export interface AmqpPublishOptions {
  readonly CC?: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly mandatory: boolean;
  readonly messageId: string;
  readonly persistent: true;
  readonly timestamp?: number;
  readonly type: string;
}

/** What a queue or exchange is declared with. */
export interface AmqpDeclareOptions {
  readonly durable: boolean;
  readonly exclusive?: boolean;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** What of a channel is used; a channel of amqplib fits. */
export interface AmqpChannel {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'close' | 'drain', listener: () => void): unknown;
  on(event: 'return', listener: (message: AmqpMessage) => void): unknown;
  close(): Promise<void>;
  assertExchange(exchange: string, type: string, options: AmqpDeclareOptions): Promise<unknown>;
  checkExchange(exchange: string): Promise<unknown>;
  bindExchange(destination: string, source: string, pattern: string): Promise<unknown>;
  assertQueue(queue: string, options: AmqpDeclareOptions): Promise<unknown>;
  checkQueue(queue: string): Promise<{ readonly messageCount: number; readonly consumerCount: number }>;
  bindQueue(queue: string, source: string, pattern: string): Promise<unknown>;
  deleteQueue(queue: string): Promise<unknown>;
  prefetch(count: number): Promise<unknown>;
  consume(
    queue: string,
    onMessage: (message: AmqpMessage | null) => void,
    options?: { readonly consumerTag?: string; readonly noAck?: boolean },
  ): Promise<{ readonly consumerTag: string }>;
  cancel(consumerTag: string): Promise<unknown>;
  ack(message: AmqpDelivery, allUpTo?: boolean): void;
  ackAll(): void;
  nack(message: AmqpDelivery, allUpTo?: boolean, requeue?: boolean): void;
  nackAll(requeue?: boolean): void;
}

/** A channel on which the broker confirms what is published. */
export interface AmqpConfirmChannel extends AmqpChannel {
  /** @returns whether the channel takes more at the moment; if not, it emits `drain` when it does. */
  publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options: AmqpPublishOptions,
    onConfirmed: (error: Error | null) => void,
  ): boolean;
}

/** What of a connection is used; a connection of amqplib's promise API fits. */
export interface AmqpConnection {
  /** Holds the driver's socket as `stream`, of which its types say nothing. */
  readonly connection?: object;
  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
  on(event: 'blocked', listener: (reason: string) => void): unknown;
  on(event: 'unblocked', listener: () => void): unknown;
  createChannel(): Promise<AmqpChannel>;
  createConfirmChannel(): Promise<AmqpConfirmChannel>;
  close(): Promise<void>;
}

/** Makes a new connection at every call. The bus closes the connections that it asked for. */
export type AmqpConnect = () => Promise<AmqpConnection>;
