import { brokersIn } from '@es-internal/services/kafka-admin';
import { createVirtualHost } from '@es-internal/services/rabbitmq-management';
import { testName } from '@es-internal/services/vitest/names';
import { serverUrlOf } from './run-servers.ts';

/** A scenario's share of Kafka. */
export interface KafkaShare {
  readonly brokers: string[];
  /** Begins the names of its topics and groups, which are deleted when it is done. */
  readonly prefix: string;
}

/** The message brokers of a run, as the process of one of its scenarios uses them. */
export class RunBrokers {
  readonly #name: string;

  /** @param run - The process id of the whole run, after which what it makes is called. */
  constructor(run: number, scenario: string) {
    this.#name = testName(run, `${scenario}_`);
  }

  /** Makes an empty virtual host in RabbitMQ, for the scenario alone; answers its URL. */
  rabbitmq(): Promise<string> {
    return createVirtualHost(serverUrlOf('rabbitmq'), `${this.#name}${process.pid}`);
  }

  get kafka(): KafkaShare {
    return { brokers: brokersIn(serverUrlOf('kafka')), prefix: `${this.#name}${process.pid}_` };
  }
}
