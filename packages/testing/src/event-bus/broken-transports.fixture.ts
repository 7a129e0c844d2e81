import { BaseEventBus, InMemoryDeadLetterStore } from '@es/core';
import { ArrayTransport } from './array-event-bus.fixture.ts';
import type { BrokenBus } from './broken-bus.fixture.ts';
import { changing } from './changed-transport.fixture.ts';

let groups = 0;
const newGroup = (): string => {
  groups += 1;
  return `bus-${groups}`;
};

/** What is wrong with a bus's place among others: when it joins and leaves its group, and what it says of itself and of its broker. */
export const brokenTransports: readonly BrokenBus[] = [
  {
    fault: 'lets go of its group before its handlers have ended',
    make: changing((transport) => ({ pause: () => transport.close() })),
    noticedBy: ['stop finishes what is in hand'],
  },
  {
    fault: 'leaves with what it has in hand',
    make: changing((transport) => ({ close: () => transport.pause() })),
    noticedBy: ['what was in hand when its bus stopped', 'when a bus leaves its group and another joins, no event is lost'],
  },
  {
    fault: 'gives every bus a group of its own',
    make: (broker, options) => new BaseEventBus(new ArrayTransport(broker, { ...options, consumerGroup: newGroup() }), options),
    noticedBy: ['buses of one group share the events', 'what was in hand when its bus stopped'],
  },
  {
    fault: 'takes all groups for one',
    make: (broker, options) => new BaseEventBus(new ArrayTransport(broker, { ...options, consumerGroup: 'one' }), options),
    noticedBy: ['every consumer group is given every event', 'dead letters of another consumer group'],
  },
  {
    fault: 'keeps its dead letters in memory',
    make: changing(() => ({ deadLetters: new InMemoryDeadLetterStore() })),
    noticedBy: ['dead letters outlive the bus'],
  },
  {
    fault: 'never asks the broker for the lag',
    make: changing(() => ({ lag: undefined })),
    noticedBy: ['measures how far the consumer group'],
  },
  {
    fault: 'does not say where its broker is, nor its group',
    make: changing(({ description: { consumerGroup: _, ...description } }) => ({ description: { ...description, attributes: {} } })),
    noticedBy: ['the spans of a single event', 'counts messages that were sent', 'measures publishing, processing', 'counts dead letters'],
  },
  {
    fault: 'names the aggregate as the destination',
    make: changing(() => ({ routeOf: ({ aggregateId }) => ({ destination: aggregateId }) })),
    noticedBy: ['metrics carry no ids', 'the spans of a single event'],
  },
];
