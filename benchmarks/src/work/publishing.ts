import { strict as assert } from 'node:assert';
import type { DomainEvent } from '@es/core';
import type { Side } from '../harness/rounds.ts';
import { lineEvents } from './line-events.ts';

/** Publishes events; resolves when the broker has confirmed them all. What the contenders differ in. */
export type PublishEvents = (events: readonly DomainEvent[]) => Promise<void>;

/** Takes so many messages from the broker, and answers their events' ids. */
export type TakeIds = (count: number) => Promise<readonly string[]>;

/** What a round publishes. */
export interface Publishing {
  readonly events: number;
  /** Events of one publish. */
  readonly batch: number;
  /** Publishes that are under way at the same time. */
  readonly inFlight: number;
}

const publishAll = async (batches: Iterator<readonly DomainEvent[]>, publish: PublishEvents): Promise<number> => {
  let published = 0;
  for (let next = batches.next(); next.done !== true; next = batches.next()) {
    await publish(next.value);
    published += next.value.length;
  }
  return published;
};

/** A side that publishes new events each round. Between the rounds what it published is taken from the broker again: every id once. */
export class PublishingSide implements Side {
  readonly name: string;
  readonly #work: Publishing;
  readonly #publish: PublishEvents;
  readonly #take: TakeIds;
  #batches: readonly DomainEvent[][] = [];
  #published: readonly string[] = [];

  constructor(name: string, work: Publishing, publish: PublishEvents, take: TakeIds) {
    this.name = name;
    this.#work = work;
    this.#publish = publish;
    this.#take = take;
  }

  readonly prepare = (): void => {
    const { batch, events } = this.#work;
    const all = lineEvents(events);
    this.#published = all.map(({ id }) => id);
    this.#batches = Array.from({ length: events / batch }, (_, index) => all.slice(index * batch, (index + 1) * batch));
  };

  readonly run = async (): Promise<{ readonly events: number }> => {
    // Shared by those who publish: each takes the next batch as soon as its last one is confirmed.
    const waiting = this.#batches.values();
    const published = await Promise.all(Array.from({ length: this.#work.inFlight }, () => publishAll(waiting, this.#publish)));
    return { events: published.reduce((sum, one) => sum + one, 0) };
  };

  readonly check = async (): Promise<void> => {
    const arrived = await this.#take(this.#published.length);
    assert.deepEqual(arrived.toSorted(), this.#published.toSorted(), 'every event arrives once');
  };
}
