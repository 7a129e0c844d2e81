import { currentTraceContext } from '@es/otel';
import type { BrokenBus } from './broken-bus.fixture.ts';
import { decoding, receiving } from './changed-transport.fixture.ts';

/** What is wrong with what comes to a bus: the events that are made of messages, and when messages are handed over and acknowledged. */
export const brokenReceivers: readonly BrokenBus[] = [
  {
    fault: 'hands over no headers',
    make: receiving((receive) => ({ headers, ...message }, signal) => {
      const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce_'));
      return receive({ ...message, headers: Object.fromEntries(attributes) }, signal);
    }),
    noticedBy: ['a dead letter keeps the trace', 'a message of which no event can be made', 'every message of a batch'],
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
];
