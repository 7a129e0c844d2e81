import {
  type BrokerEventBusOptions,
  cloudEvents,
  copyDeadLetter,
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterStore,
  deadLetterLimit,
  Lifecycle,
  type ListDeadLettersOptions,
  type OperationOptions,
  publishTimeoutOf,
  reconnectOf,
} from '@es/core';
import { getLogger } from '@es/otel';
import { inTime } from './in-time.ts';
import { LetterDesk, type LetterView } from './letter-desk.ts';
import { letterMessage, markerMessage, readLetter } from './letter-message.ts';
import { isMeant, LetterPage } from './letter-page.ts';
import { LetterPublication } from './letter-publication.ts';
import { Publisher } from './publisher.ts';
import { RabbitMQConnection } from './rabbitmq-connection.ts';
import { explainFailure } from './rabbitmq-failure.ts';
import { checkLocation, defaultDeliveryLimit, type RabbitMQLocation, type RabbitMQNameOptions } from './rabbitmq-options.ts';
import { type RabbitMQServer, serverOf } from './rabbitmq-server.ts';
import { declareDeadLetters } from './topology.ts';
import { deadLetterQueueOf } from './topology-names.ts';

/** What a dead letter store in RabbitMQ can be given: what the bus is given whose letters these are. */
export type RabbitMQDeadLetterStoreOptions = RabbitMQLocation &
  RabbitMQNameOptions &
  Pick<BrokerEventBusOptions, 'codec' | 'logger' | 'publishTimeoutMs' | 'reconnect'> & {
    readonly consumerGroup: string;
    /** How often the broker delivered an event again before it put that aside; default 20. */
    readonly deliveryLimit?: number;
    /** Whether the queue is made where it is missing; default true. */
    readonly declare?: boolean;
  };

const component = 'RabbitMQDeadLetterStore';

/**
 * The dead letters of a consumer group, in a durable queue of the broker: those that the bus writes, and events that the broker put aside because
 * their consumers were lost again and again. One process at a time looks at them; others wait meanwhile. An operation fails with a BrokerError
 * when the broker does.
 */
export class RabbitMQDeadLetterStore implements DeadLetterStore {
  readonly #queue: string;
  readonly #server: RabbitMQServer;
  readonly #connection: RabbitMQConnection;
  readonly #publisher: Publisher;
  readonly #desk: LetterDesk;
  readonly #timeoutMs: number;
  readonly #lifecycle = new Lifecycle(component);

  /** @throws InvalidArgumentError when the options can't be meant. */
  constructor(options: RabbitMQDeadLetterStoreOptions) {
    checkLocation(component, options);
    const { codec = cloudEvents(), consumerGroup, declare = true, deliveryLimit = defaultDeliveryLimit } = options;
    const server = serverOf(options);
    this.#server = server;
    this.#queue = deadLetterQueueOf(consumerGroup, options);
    this.#timeoutMs = publishTimeoutOf(options);
    this.#connection = new RabbitMQConnection(component, server.connect);
    this.#publisher = new Publisher({
      operation: component,
      server,
      policy: reconnectOf(options),
      logger: options.logger ?? getLogger('eventsource.bus.rabbitmq'),
      prepare: (connection) => declareDeadLetters(connection, server.place, declare, this.#queue),
      onReconnected: () => undefined,
    });
    this.#desk = new LetterDesk({
      connection: this.#connection,
      queue: this.#queue,
      timeoutMs: this.#timeoutMs,
      read: (message) => readLetter(message, { codec, deliveryLimit, source: consumerGroup }),
      mark: (id) => this.#publish('marking the end of the dead letters', markerMessage(id)),
    });
  }

  async add(letter: DeadLetter, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('add', options.signal);
    await this.#publish('add', letterMessage(copyDeadLetter(letter)), options.signal);
  }

  async list(options: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    const { after = '' } = options;
    const limit = deadLetterLimit(options.limit);
    return this.#look('list', options.signal, () => {
      const page = new LetterPage(limit);
      return {
        visit: (letter) => {
          if (letter.id > after && isMeant(letter, options)) page.add(letter);
        },
        result: async () => page.letters,
      };
    });
  }

  async count(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    return this.#look('count', options.signal, () => {
      let count = 0;
      return {
        visit: (letter) => {
          if (isMeant(letter, options)) count += 1;
        },
        result: async () => count,
      };
    });
  }

  async get(id: string, options: OperationOptions = {}): Promise<DeadLetter | undefined> {
    return this.#look('get', options.signal, () => {
      let found: DeadLetter | undefined;
      return {
        visit: (letter) => {
          if (letter.id === id) found = letter;
        },
        result: async () => found,
      };
    });
  }

  async remove(id: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('remove', options.signal);
    return this.#explained('remove', () => this.#desk.remove(id, options.signal));
  }

  async purge(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    return this.#look('purge', options.signal, () => {
      const kept = new Set<string>();
      let count = 0;
      return {
        visit: (letter) => {
          if (isMeant(letter, options)) count += 1;
          else kept.add(letter.id);
        },
        result: async (scan) => {
          await scan.removeAllBut((id) => kept.has(id));
          return count;
        },
      };
    });
  }

  close(): Promise<void> {
    return this.#lifecycle.close(async () => {
      await inTime(this.#desk.close());
      await Promise.all([this.#publisher.close(), this.#connection.close()]);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #look<Result>(operation: string, signal: AbortSignal | undefined, start: () => LetterView<Result>): Promise<Result> {
    this.#lifecycle.assertOpen(operation, signal);
    return this.#explained(operation, () => this.#desk.look(signal, start));
  }

  async #explained<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      throw explainFailure(error, `${component}.${operation}`, this.#server.place);
    }
  }

  async #publish(operation: string, message: Pick<LetterPublication, 'content' | 'properties'>, signal?: AbortSignal): Promise<void> {
    const publication = new LetterPublication(message, {
      queue: this.#queue,
      operation: `${component}.${operation}`,
      timeoutMs: this.#timeoutMs,
      signal,
    });
    this.#publisher.publish([publication]);
    await publication.done;
  }
}
