import { RabbitMQEventBus } from '@es/bus-rabbitmq';
import { type EventBus, eventSourcePy } from '@es/core';
import type { BrokerPlace, PlaceLocation, PythonPlace, RawDriver } from './broker-place.ts';
import { RawRabbitMQ } from './raw-rabbitmq.ts';

const consumerGroup = 'group';
/** The library's default. */
const partitions = 8;

/** An exchange on RabbitMQ, with the queues of one consumer group. */
export class RabbitMQPlace implements BrokerPlace {
  readonly #url: string;
  readonly #exchange: string;

  constructor(url: string, exchange: string) {
    this.#url = url;
    this.#exchange = exchange;
  }

  get location(): PlaceLocation {
    return [this.#url, this.#exchange];
  }

  /** Has the library make it. */
  async declare(): Promise<void> {
    const bus = this.openBus();
    await bus.startConsuming();
    await bus.stop();
  }

  readonly openBus = (): EventBus => new RabbitMQEventBus({ url: this.#url, exchange: this.#exchange, consumerGroup });

  readonly openRaw = (traced: boolean): Promise<RawDriver> => {
    const queues = Array.from({ length: partitions }, (_, partition) => `${this.#exchange}.${consumerGroup}.${partition}`);
    return RawRabbitMQ.open({ url: this.#url, exchange: this.#exchange, queues }, traced);
  };
}

/** An exchange of eventsource-py's, with the queue of one consumer group. */
export const pythonExchange = (url: string, exchange: string): PythonPlace => ({
  location: { system: 'rabbitmq', url, name: exchange, group: consumerGroup },
  openFiller: () => new RabbitMQEventBus({ url, exchange, codec: eventSourcePy() }),
  openRaw: () => RawRabbitMQ.open({ url, exchange, queues: [`${exchange}.${consumerGroup}`] }, false),
});
