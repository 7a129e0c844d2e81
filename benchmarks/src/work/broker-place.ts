import type { DomainEvent, EventBus } from '@es/core';
import type { Line } from './order.ts';
import type { PublishEvents, TakeIds } from './publishing.ts';

/** Handles one event by its id and its data. */
export type HandleLine = (id: string, line: Line) => Promise<void>;

/** Messages that lie at the broker, held back from a consumer that is ready for them. */
export interface Backlog {
  readonly fill: PublishEvents;
  /** Lets the consumer have them. */
  readonly release: () => Promise<void> | void;
  /** What a handler waits for first, where the broker hands some messages over ahead; `undefined` after the release. */
  readonly held?: () => Promise<void> | undefined;
}

/** What someone writes by hand with a broker's driver who wants the same as the library: confirmed publishes, headers, order per aggregate. */
export interface RawDriver {
  /** Resolves when the broker has confirmed all. */
  readonly publish: PublishEvents;
  readonly consume: (handle: HandleLine) => Promise<void>;
  readonly take: TakeIds;
  /** Publishes what the place's one consumer is not to have yet. */
  readonly openBacklog: () => Promise<Backlog>;
  readonly close: () => Promise<void>;
}

/** A server's URL, or its brokers with commas in between, and the name of the place. */
export type PlaceLocation = readonly [url: string, name: string];

/** A place at a broker that events go to and come from: an exchange with the queues of a group, or a topic. */
export interface BrokerPlace {
  /** Tells another process where it is. */
  readonly location: PlaceLocation;
  /** A bus as the library makes it by default. */
  readonly openBus: () => EventBus;
  /** @param traced - Whether its messages carry a trace. */
  readonly openRaw: (traced: boolean) => Promise<RawDriver>;
}

/** Where eventsource-py is to meet a broker. */
export interface PythonLocation {
  readonly system: 'rabbitmq' | 'kafka';
  readonly url: string;
  /** Of the exchange, or what the topic's name begins with. */
  readonly name: string;
  readonly group: string;
}

/** A place of eventsource-py's, with its own names. */
export interface PythonPlace {
  readonly location: PythonLocation;
  /** A bus of ours that publishes there what it understands. */
  readonly openFiller: () => EventBus;
  readonly openRaw: () => Promise<Pick<RawDriver, 'take' | 'close'>>;
}

/** Publishes many events, not too many at once. */
export const publishAll = async (events: readonly DomainEvent[], publish: PublishEvents, atOnce = 500): Promise<void> => {
  for (let from = 0; from < events.length; from += atOnce) await publish(events.slice(from, from + atOnce));
};
