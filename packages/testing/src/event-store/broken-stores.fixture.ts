import { BaseEventStore, type EventStore, type EventStoreOptions, EventStream, type StoredEvent } from '@es/core';
import { trace } from '@opentelemetry/api';
import { ArrayDatabase, ArrayEventStorage } from './array-event-storage.fixture.ts';

/** A store with one fault around a sound storage, and the cases that must notice it. */
export interface BrokenStore {
  readonly fault: string;
  readonly make: (options: EventStoreOptions) => EventStore;
  /** The names of cases begin with these words. */
  readonly noticedBy: readonly string[];
}

function sound(options: EventStoreOptions): EventStore {
  return new BaseEventStore(new ArrayEventStorage(new ArrayDatabase()), options);
}

/** A store some of whose methods are replaced. */
function replacing(methods: (store: EventStore) => Partial<Record<keyof EventStore, (...args: never[]) => unknown>>) {
  return (options: EventStoreOptions): EventStore => {
    const store = sound(options);
    const replaced: Partial<Record<PropertyKey, unknown>> = methods(store);
    return new Proxy(store, {
      get: (target, key) => {
        const member: unknown = replaced[key] ?? Reflect.get(target, key);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  };
}

/** A store whose reads are changed. */
function reading(change: (stream: EventStream<StoredEvent>) => AsyncIterable<readonly StoredEvent[]>) {
  return replacing((store) => ({
    getEvents: (...args: Parameters<EventStore['getEvents']>) => new EventStream(change(store.getEvents(...args))),
    readAll: (...args: Parameters<EventStore['readAll']>) => new EventStream(change(store.readAll(...args))),
  }));
}

/** Passes pages through a function, each time they are iterated. */
function pages(
  events: EventStream<StoredEvent>,
  change: (page: readonly StoredEvent[]) => readonly StoredEvent[],
): AsyncIterable<readonly StoredEvent[]> {
  return {
    async *[Symbol.asyncIterator]() {
      for await (const page of events.pages()) yield change(page);
    },
  };
}

class Row {
  constructor(event: StoredEvent) {
    Object.assign(this, event);
    Object.freeze(this);
  }
}

function* endingEarly(events: readonly StoredEvent[]): Generator<readonly StoredEvent[]> {
  yield events;
}

/** Faults that lie outside the storage. */
export const brokenStores: readonly BrokenStore[] = [
  {
    fault: 'goes on after it was closed',
    make: replacing(() => ({ close: async () => undefined, [Symbol.asyncDispose]: async () => undefined })),
    noticedBy: ['appendEvents fails with a ClosedError after', 'getEvents fails with a ClosedError while', 'a read whose store is closed'],
  },
  {
    fault: 'looks at no signal when it appends',
    make: replacing((store) => ({
      appendEvents: (...[stream, events, condition]: Parameters<EventStore['appendEvents']>) =>
        store.appendEvents(stream, events, condition),
    })),
    noticedBy: [
      'appendEvents fails with an AbortedError',
      'an empty appendEvents fails with an AbortedError',
      'an append with an aborted signal',
    ],
  },
  {
    fault: 'looks at no signal while it reads',
    make: replacing((store) => ({ readAll: ({ signal: _, ...options }: { signal?: AbortSignal } = {}) => store.readAll(options) })),
    noticedBy: ['readAll fails with an AbortedError', 'a read that is aborted on the way', 'a read that fails ends its span'],
  },
  {
    fault: 'takes an aborted read for the end',
    make: reading((events) => ({
      async *[Symbol.asyncIterator]() {
        try {
          yield* events.pages();
        } catch {
          yield* endingEarly([]);
        }
      },
    })),
    noticedBy: [
      'a read that is aborted on the way',
      'a read whose store is closed',
      'with definitions, an unknown type is an error at read',
    ],
  },
  {
    fault: 'reads as soon as it is asked',
    make: reading((events) => {
      const all = events.toArray();
      all.catch(() => undefined);
      return {
        async *[Symbol.asyncIterator]() {
          yield await all;
        },
      };
    }),
    noticedBy: ['nothing is read before it is iterated', 'every iteration of a read has a span', 'the first page of a long read'],
  },
  {
    fault: 'hands out events that can be changed',
    make: reading((events) => pages(events, (page) => page.map((event) => ({ ...event })))),
    noticedBy: ['events come back deeply frozen'],
  },
  {
    fault: 'hands out data that can be changed',
    make: reading((events) => pages(events, (page) => page.map((event) => Object.freeze({ ...event, data: structuredClone(event.data) })))),
    noticedBy: ['events come back deeply frozen'],
  },
  {
    fault: 'hands out instances of a class',
    make: reading((events) => pages(events, (page) => page.map((event) => new Row(event) as StoredEvent))),
    noticedBy: ['events are plain objects'],
  },
  {
    fault: 'gives positions as numbers',
    make: replacing((store) => ({
      appendEvents: async (...args: Parameters<EventStore['appendEvents']>) => {
        const { version, position } = await store.appendEvents(...args);
        return { version, position: Number(position) };
      },
    })),
    noticedBy: ['gives positions of the type bigint', "answers with the stream's new version"],
  },
  {
    fault: 'refuses by the wrong code',
    make: replacing((store) => ({
      appendEvents: (...args: Parameters<EventStore['appendEvents']>) =>
        store.appendEvents(...args).catch((cause) => {
          throw Object.assign(new Error('refused', { cause }), { code: 'ERR' });
        }),
    })),
    noticedBy: ['an append at a stale', 'of two concurrent appends', 'an event that names another aggregate', 'data that JSON can’t hold'],
  },
  {
    fault: 'answers every wait with yes',
    make: replacing(() => ({ waitForEvents: async () => true })),
    noticedBy: [
      'waitForEvents answers false',
      'waitForEvents ends with an AbortedError',
      'waitForEvents fails with a ClosedError after',
      'waitForEvents does not take',
    ],
  },
  {
    fault: 'makes no spans',
    make: (options) => sound({ ...options, tracing: false }),
    noticedBy: ['an append has one span', 'an event bears the trace context of the span', 'an abandoned read ends its span'],
  },
  {
    fault: 'records no metrics',
    make: (options) => sound({ ...options, metrics: false }),
    noticedBy: ['counts appended events', 'counts conflicts', 'measures every operation'],
  },
  {
    fault: 'can’t switch its telemetry off',
    make: ({ tracing: _tracing, metrics: _metrics, ...options }) => sound(options),
    noticedBy: ['with tracing switched off', 'with metrics switched off'],
  },
  {
    fault: 'leaves spans open',
    make: replacing((store) => ({
      appendEvents: (...args: Parameters<EventStore['appendEvents']>) => {
        trace.getTracer('leaky').startSpan('never ended');
        return store.appendEvents(...args);
      },
    })),
    noticedBy: ['a repeated append is no failure', 'counts conflicts'],
  },
];
