import { AsyncLocalStorage } from 'node:async_hooks';
import { ALL_EVENTS, type BrokerEventBusOptions, type DomainEvent, type EventBus, type EventHandler } from '@es/core';
import { trace } from '@opentelemetry/api';
import type { ArrayBroker } from './array-broker.fixture.ts';
import { ArrayEventBus } from './array-event-bus.fixture.ts';
import type { BrokenBus } from './broken-bus.fixture.ts';

type Subscribe = (events: Parameters<EventBus['subscribe']>[0], handler: EventHandler, options?: { readonly name?: string }) => unknown;

/** A bus some of whose methods are replaced. */
function replacing(methods: (bus: EventBus) => Partial<Record<keyof EventBus, (...args: never[]) => unknown>>): BrokenBus['make'] {
  return (broker, options) => {
    const bus = new ArrayEventBus(broker, options);
    const replaced: Partial<Record<PropertyKey, unknown>> = methods(bus);
    return new Proxy<EventBus>(bus, {
      get: (target, key) => {
        const member: unknown = replaced[key] ?? Reflect.get(target, key);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  };
}

/** A bus that is built with other options than it was given. */
function given(change: (options: BrokerEventBusOptions) => BrokerEventBusOptions): BrokenBus['make'] {
  return (broker: ArrayBroker, options) => new ArrayEventBus(broker, change(options));
}

/** A bus whose handlers are wrapped. */
function handling(wrap: (handler: EventHandler) => EventHandler): BrokenBus['make'] {
  return replacing((bus) => ({
    subscribe: (...[events, handler, options]: Parameters<Subscribe>) =>
      (bus.subscribe as Subscribe).call(bus, events, wrap(handler), options),
  }));
}

async function failure(work: () => unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** Faults that lie outside the transport. */
export const brokenBuses: readonly BrokenBus[] = [
  {
    fault: 'publishes a batch event by event',
    make: replacing((bus) => ({
      publish: async (events: readonly DomainEvent[], options) => {
        for (const event of events) await bus.publish([event], options);
      },
    })),
    noticedBy: [
      'a batch with something that is no complete event',
      'a batch with data that has no JSON form',
      'the producer span of a batch',
      'measures publishing, processing',
    ],
  },
  {
    fault: 'checks no event against its definition',
    make: given(({ events: _, ...options }) => options),
    noticedBy: [
      'with definitions, a batch with an event',
      'with definitions, a batch with data',
      'an event whose type the bus was not given',
    ],
  },
  {
    fault: 'looks at no signal when it publishes',
    make: replacing((bus) => ({ publish: (events: readonly DomainEvent[]) => bus.publish(events) })),
    noticedBy: ['publish fails with an AbortedError', 'an empty publish fails with an AbortedError', 'with an aborted signal nothing'],
  },
  {
    fault: 'goes on after it was stopped',
    make: replacing(() => ({ stop: async () => ({ unfinished: 0 }), [Symbol.asyncDispose]: async () => undefined })),
    noticedBy: [
      'publish fails with a ClosedError',
      'startConsuming fails with a ClosedError',
      'replayDeadLetter fails with a ClosedError',
      'subscribe fails with a ClosedError',
      'stop at its deadline',
      'stop refuses a deadline',
    ],
  },
  {
    fault: 'leaves everything where it is when it stops',
    make: replacing((bus) => ({ stop: () => bus.stop({ deadlineMs: 0 }) })),
    noticedBy: ['stop finishes what is in hand'],
  },
  {
    fault: 'waits for its deadline whatever there is to do',
    make: replacing((bus) => ({
      stop: async ({ deadlineMs = 0 }: { readonly deadlineMs?: number } = {}) => {
        const report = bus.stop({ deadlineMs });
        if (deadlineMs > 60_000) await new Promise(() => undefined);
        return report;
      },
    })),
    noticedBy: ['stop of an idle bus does not wait'],
  },
  {
    fault: 'tells no handler that its time is over',
    make: handling((handler) => (event, context) => handler(event, { ...context, signal: new AbortController().signal })),
    noticedBy: ['stop at its deadline tells the handlers'],
  },
  {
    fault: 'takes a handler that failed for one that succeeded',
    make: handling((handler) => (event, context) => failure(() => handler(event, context))),
    noticedBy: [
      'a handler that fails is called again',
      'an event whose handler fails at the last',
      'a poison event',
      'each attempt has spans',
    ],
  },
  {
    fault: 'calls all handlers again when one of them failed',
    make: replacing((bus) => {
      const handlers: EventHandler[] = [];
      const all: EventHandler = async (event, context) => {
        for (const handler of handlers) await handler(event, context);
      };
      return {
        subscribe: (...[, handler]: Parameters<Subscribe>) => {
          if (handlers.push(handler) === 1) bus.subscribe(ALL_EVENTS, all, { name: 'all' });
          return { unsubscribe: () => handlers.splice(handlers.indexOf(handler), 1) };
        },
      };
    }),
    noticedBy: [
      'a handler that fails is called again',
      'an event is given to every handler that wants its type',
      'each handler that fails leaves',
      'each handler has a span',
    ],
  },
  {
    fault: 'never lets go of a handler',
    make: replacing((bus) => ({
      subscribe: (...args: Parameters<Subscribe>) => {
        (bus.subscribe as Subscribe).apply(bus, args);
        return { unsubscribe: () => undefined };
      },
    })),
    noticedBy: ['a handler that left is given nothing more'],
  },
  {
    fault: 'tries only once',
    make: given((options) => ({ ...options, retry: { maxAttempts: 1 } })),
    noticedBy: ['a handler that fails is called again', 'events of one aggregate are never', 'stop finishes', 'measures failures'],
  },
  {
    fault: 'handles as much at the same time as there is',
    make: given((options) => ({ ...options, concurrency: 1_000 })),
    noticedBy: ['as many events are handled'],
  },
  {
    fault: 'handles one event after another',
    make: given((options) => ({ ...options, concurrency: 1 })),
    noticedBy: ['as many events are handled', 'while a handler is slow', 'stop finishes'],
  },
  {
    fault: 'runs handlers in the context in which consuming was started',
    make: (broker, options) => {
      let run: (fn: () => unknown) => unknown = (fn) => fn();
      const capture = (bus: EventBus) => () => {
        run = AsyncLocalStorage.snapshot();
        return bus.startConsuming();
      };
      return replacing((bus) => ({
        startConsuming: capture(bus),
        subscribe: (...[events, handler, rest]: Parameters<Subscribe>) =>
          (bus.subscribe as Subscribe).call(bus, events, (event, context) => run(() => handler(event, context)), rest),
      }))(broker, options);
    },
    noticedBy: ['a handler runs in the message context', 'the span of a handler is current', 'the trace of an event leads'],
  },
  {
    fault: 'removes dead letters before it replays them',
    make: replacing((bus) => ({
      replayDeadLetters: async () => {
        const letters = await bus.deadLetters.list();
        for (const { id, content } of letters) {
          await bus.deadLetters.remove(id);
          if (content.kind === 'event') await bus.publish([content.event]);
        }
        return { handled: letters.length, failed: 0, noHandler: 0 };
      },
    })),
    noticedBy: [
      'all dead letters can be replayed',
      'a letter whose handler is not subscribed',
      'a replay that is interrupted',
      'a replay belongs',
    ],
  },
  {
    fault: 'only links consumer spans',
    make: given((options) => ({ ...options, consumerSpans: 'linked' })),
    noticedBy: ['the trace of an event leads', 'the trace of an event begins', 'a replay belongs to the trace'],
  },
  {
    fault: 'never only links consumer spans',
    make: given((options) => ({ ...options, consumerSpans: 'children' })),
    noticedBy: ['by option the consumer span is a root'],
  },
  {
    fault: 'can’t switch its telemetry off',
    make: given(({ tracing: _tracing, metrics: _metrics, ...options }) => options),
    noticedBy: ['with tracing switched off', 'with metrics switched off'],
  },
  {
    fault: 'has no telemetry',
    make: given((options) => ({ ...options, tracing: false, metrics: false })),
    noticedBy: ['counts messages that were sent', 'the spans of a single event', 'an SDK that is registered after the bus'],
  },
  {
    fault: 'leaves spans open',
    make: replacing((bus) => ({
      publish: (...args: Parameters<EventBus['publish']>) => {
        trace.getTracer('leaky').startSpan('never ended');
        return bus.publish(...args);
      },
    })),
    noticedBy: ['counts messages that were sent', 'counts dead letters'],
  },
];
