import type { DomainEvent } from '@es/core';
import type { BrokenBus } from './broken-bus.fixture.ts';
import { changing, sending, sendingHeaders } from './changed-transport.fixture.ts';

let sent = 0;
const isTenth = (): boolean => {
  sent += 1;
  return sent % 10 === 0;
};

/** What is wrong with what leaves a bus: messages, their order, their headers, and whether they are confirmed. */
export const brokenSenders: readonly BrokenBus[] = [
  {
    fault: 'confirms messages that it drops',
    make: sending((messages) => messages.filter(() => !isTenth())),
    noticedBy: ['a batch of 1,000 events', 'many publishes at the same time', 'what was published while nobody consumed'],
  },
  {
    fault: 'sends every message twice',
    make: sending((messages) => [...messages, ...messages]),
    noticedBy: ['a batch of 1,000 events', 'starting to consume again', 'counts messages that were sent', 'a failure in one group'],
  },
  {
    fault: 'reverses the order of a batch',
    make: sending((messages) => messages.toReversed()),
    noticedBy: ['events of one aggregate are handled in the order', 'a batch of 1,000 events', 'all dead letters can be replayed'],
  },
  {
    fault: 'spreads an aggregate over the consumers of a group',
    make: sending((messages) =>
      messages.map((message) => ({ ...message, event: Object.assign(Object.create(message.event), spread(message.event)) })),
    ),
    noticedBy: ['buses of one group share the events'],
  },
  {
    fault: 'confirms what it keeps to itself until later',
    make: changing((transport, broker) => {
      let isOpen = true;
      return {
        send: async (messages, signal) => {
          const later = async (): Promise<void> => {
            if (isOpen && broker.groups.size > 0) await transport.send(messages, signal);
          };
          setTimeout(() => void later(), 20);
        },
        close: () => {
          isOpen = false;
          return transport.close();
        },
      };
    }),
    noticedBy: ['what was published while nobody consumed'],
  },
  {
    fault: 'confirms what nobody will ever get',
    make: changing((transport) => ({ send: (messages, signal) => transport.send(messages, signal).catch(() => undefined) })),
    noticedBy: ['an event that nobody would ever get', 'a publish that is refused ends its span'],
  },
  {
    fault: 'forgets the trace',
    make: sendingHeaders(() => ({})),
    noticedBy: [
      'the trace of an event leads',
      'the trace of an event begins',
      'every message of a batch',
      'baggage travels',
      'with tracing switched off',
    ],
  },
  {
    fault: 'gives the trace to the first message of a batch alone',
    make: sendingHeaders((headers, index) => (index === 0 ? { ...headers } : {})),
    noticedBy: ['every message of a batch', 'contexts are handed on'],
  },
  {
    fault: 'hands on nothing but the trace',
    make: sendingHeaders(({ traceparent }) => (traceparent === undefined ? {} : { traceparent })),
    noticedBy: ['baggage travels'],
  },
  {
    fault: 'calls every trace sampled',
    make: sendingHeaders(({ traceparent = '', ...headers }) => ({ ...headers, traceparent: traceparent.replace(/00$/, '01') })),
    noticedBy: ['the context that travels'],
  },
];

/** Every message of an aggregate goes elsewhere. */
function spread({ id }: DomainEvent): Partial<DomainEvent> {
  return { aggregateId: id };
}
