import {
  BaseEventBus,
  type BrokerEventBusOptions,
  type DomainEvent,
  type EventBus,
  type EventTransport,
  InMemoryDeadLetterStore,
} from '@es/core';
import { currentTraceContext } from '@es/otel';
import type { ArrayBroker } from './array-broker.fixture.ts';
import { ArrayTransport } from './array-event-bus.fixture.ts';

/** A bus with one fault, and the cases that must notice it. */
export interface BrokenBus {
  readonly fault: string;
  readonly make: (broker: ArrayBroker, options: BrokerEventBusOptions) => EventBus;
  /** The names of cases begin with these words. */
  readonly noticedBy: readonly string[];
}

type Member<Name extends keyof EventTransport> = NonNullable<EventTransport[Name]>;
type Changed = Partial<{ readonly [Name in keyof EventTransport]: EventTransport[Name] | undefined }>;

/** A transport some of whose members are replaced. */
function changing(change: (transport: ArrayTransport, broker: ArrayBroker, options: BrokerEventBusOptions) => Changed): BrokenBus['make'] {
  return (broker, options) => {
    const transport = new ArrayTransport(broker, options);
    const changed = change(transport, broker, options) as Partial<Record<PropertyKey, unknown>>;
    const proxy = new Proxy(transport, {
      get: (target, key) => {
        const member: unknown = Object.hasOwn(changed, key) ? changed[key] : Reflect.get(target, key);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    return new BaseEventBus(proxy, options);
  };
}

/** A transport that sends other messages than it should, or otherwise. */
function sending(change: (messages: Parameters<Member<'send'>>[0]) => Parameters<Member<'send'>>[0]): BrokenBus['make'] {
  return changing((transport) => ({
    send: async (messages, signal) => {
      const changed = change(messages);
      if (changed.length > 0) await transport.send(changed, signal);
    },
  }));
}

/** A transport whose headers are others than those that core gave it. */
function sendingHeaders(change: (headers: Readonly<Record<string, string>>, index: number) => Record<string, string>): BrokenBus['make'] {
  return sending((messages) => messages.map((message, index) => ({ ...message, headers: change(message.headers, index) })));
}

/** A transport that makes other events of messages. */
function decoding(change: (event: DomainEvent) => DomainEvent): BrokenBus['make'] {
  return changing((transport) => ({ decode: (message) => change(transport.decode(message)) }));
}

/** A transport that hands messages over otherwise. */
function receiving(change: (receive: Parameters<Member<'start'>>[0], transport: ArrayTransport) => Parameters<Member<'start'>>[0]) {
  return changing((transport) => ({ start: (receive) => transport.start(change(receive, transport)) }));
}

let count = 0;
const next = (): number => {
  count += 1;
  return count;
};

export const brokenTransports: readonly BrokenBus[] = [
  {
    fault: 'confirms messages that it drops',
    make: sending((messages) => messages.filter(() => next() % 10 !== 0)),
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
    fault: 'hands over no headers',
    make: receiving((receive) => ({ headers, ...message }, signal) => {
      const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce_'));
      return receive({ ...message, headers: Object.fromEntries(attributes) }, signal);
    }),
    noticedBy: ['a dead letter keeps the trace', 'a message of which no event can be made', 'every message of a batch'],
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
  {
    fault: 'puts the transport’s context in the place of the stored one',
    make: decoding((event) => ({ ...event, ...currentTraceContext() })),
    noticedBy: ['an event arrives as a frozen copy'],
  },
  {
    fault: 'loses the context stored with an event',
    make: decoding(({ traceparent: _, ...event }) => event),
    noticedBy: ['an event arrives as it was published', 'the consumer span is linked', 'by option the consumer span'],
  },
  {
    fault: 'makes nothing of an empty text',
    make: decoding((event) => ({ ...event, data: event.data || {} })),
    noticedBy: ['data may be any JSON'],
  },
  {
    fault: 'hands over one message at a time',
    make: receiving((receive) => {
      let last = Promise.resolve();
      return (message, signal) => {
        last = last.then(() => receive(message, signal));
        return last;
      };
    }),
    noticedBy: ['while an event waits to be tried again', 'while a handler is slow', 'as many events are handled'],
  },
  {
    fault: 'acknowledges before anything is handled',
    make: receiving((receive) => async (message, signal) => {
      receive(message, signal).catch(() => undefined);
    }),
    noticedBy: [
      'what was in hand when its bus stopped',
      'what waited to be tried again',
      'a dead letter that can not be kept',
      'measures how far',
    ],
  },
  {
    fault: 'drops what it can not decode',
    make: receiving((receive, transport) => async (message, signal) => {
      try {
        transport.decode(message);
      } catch {
        return;
      }
      await receive(message, signal);
    }),
    noticedBy: ['a message of which no event can be made'],
  },
  {
    fault: 'acknowledges nothing',
    make: receiving((receive) => async (message, signal) => {
      await receive(message, signal);
      throw new Error('no acknowledgement');
    }),
    noticedBy: ['what was in hand when its bus stopped', 'measures how far'],
  },
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
    make: (broker, options) => new BaseEventBus(new ArrayTransport(broker, { ...options, consumerGroup: `bus-${next()}` }), options),
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

/** Every message of an aggregate goes elsewhere. */
function spread({ id }: DomainEvent): Partial<DomainEvent> {
  return { aggregateId: id };
}
