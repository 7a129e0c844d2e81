import type { BrokerEventBusOptions, EventBus } from '@es/core';
import { getLogger, type Logger } from '@es/otel';
import { eventually } from './eventually.ts';
import { Received } from './received.ts';

/** A message that no bus has written. */
export interface RawMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A place of its own for messages, empty at first: a topic, an exchange with its queues, a bus in memory. */
export interface EventBusFixture {
  /** What spans and dead letters call it. Every event of the cases goes there. */
  readonly destination: string;
  /**
   * Opens a bus on it, with the options handed in. Called again, it opens another bus on the same place. Consumer groups of one name in two
   * places must not meet. The suite stops the bus.
   */
  open(options: BrokerEventBusOptions): EventBus | Promise<EventBus>;
  /** Puts a message there behind the back of the buses, for every consumer group. Left out where nobody can. */
  publishRaw?(message: RawMessage): Promise<void>;
  /** Removes the place; called once, after the buses were stopped. */
  cleanup?(): void | Promise<void>;
}

/** Makes a place for messages. Called once for every case, so it should be quick. */
export type CreateEventBusFixture = () => EventBusFixture | Promise<EventBusFixture>;

/** What a case about event buses gets to work with. */
export interface BusSetting {
  readonly destination: string;
  /** Opens a bus that tries three times at once and belongs to the consumer group `readers`, unless told otherwise. */
  open(options?: BrokerEventBusOptions): Promise<EventBus>;
  publishRaw(message: RawMessage): Promise<void>;
  /** A record of what a handler is given. */
  received(): Received;
  /** Waits until something holds; fails when that takes too long. */
  until(holds: () => boolean | Promise<boolean>, what: string): Promise<void>;
}

/** How cases are run, beside the place that they run on. */
export interface BusSettingOptions {
  /** Options of every bus that a case opens. */
  readonly defaults?: BrokerEventBusOptions;
  /** How long a case waits for what must happen, in milliseconds. */
  readonly deadlineMs: number;
}

/** Runs a function with a place for messages of its own, then stops the buses that were opened and removes the place. */
export async function withBuses(
  create: CreateEventBusFixture,
  { defaults, deadlineMs }: BusSettingOptions,
  fn: (setting: BusSetting) => Promise<void>,
): Promise<void> {
  const fixture = await create();
  const opened: EventBus[] = [];
  const until: BusSetting['until'] = (holds, what) => eventually(holds, what, deadlineMs);
  const setting: BusSetting = {
    destination: fixture.destination,
    open: async (options) => {
      const bus = await fixture.open({ ...usual, logger: silent(), ...defaults, ...options });
      opened.push(bus);
      return bus;
    },
    publishRaw: async (message) => {
      if (fixture.publishRaw === undefined) throw new TypeError('The fixture needs publishRaw, since others can publish to this bus.');
      await fixture.publishRaw(message);
    },
    received: () => new Received(until),
    until,
  };
  try {
    await fn(setting);
    await Promise.all(opened.map((bus) => bus.stop()));
  } finally {
    // Stopping is idempotent; after a failure it must neither take long nor hide what failed.
    await Promise.allSettled(opened.map((bus) => bus.stop({ deadlineMs: 0 })));
    await fixture.cleanup?.();
  }
}

const usual: BrokerEventBusOptions = { consumerGroup: 'readers', retry: { maxAttempts: 3, initialDelayMs: 0 } };

/** Failing handlers are what many cases are about; nobody needs to read of them. */
function silent(): Logger {
  const logger = getLogger('eventsource.conformance');
  logger.setLevel('silent');
  return logger;
}
