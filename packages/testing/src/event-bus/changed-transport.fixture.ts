import { BaseEventBus, type BrokerEventBusOptions, type DomainEvent, type EventTransport } from '@es/core';
import type { ArrayBroker } from './array-broker.fixture.ts';
import { ArrayTransport } from './array-event-bus.fixture.ts';
import type { BrokenBus } from './broken-bus.fixture.ts';

type Member<Name extends keyof EventTransport> = NonNullable<EventTransport[Name]>;
type Changed = Partial<{ readonly [Name in keyof EventTransport]: EventTransport[Name] | undefined }>;

/** A transport some of whose members are replaced. */
export function changing(
  change: (transport: ArrayTransport, broker: ArrayBroker, options: BrokerEventBusOptions) => Changed,
): BrokenBus['make'] {
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
export function sending(change: (messages: Parameters<Member<'send'>>[0]) => Parameters<Member<'send'>>[0]): BrokenBus['make'] {
  return changing((transport) => ({
    send: async (messages, signal) => {
      const changed = change(messages);
      if (changed.length > 0) await transport.send(changed, signal);
    },
  }));
}

/** A transport whose headers are others than those that core gave it. */
export function sendingHeaders(
  change: (headers: Readonly<Record<string, string>>, index: number) => Record<string, string>,
): BrokenBus['make'] {
  return sending((messages) => messages.map((message, index) => ({ ...message, headers: change(message.headers, index) })));
}

/** A transport that makes other events of messages. */
export function decoding(change: (event: DomainEvent) => DomainEvent): BrokenBus['make'] {
  return changing((transport) => ({ decode: (message) => change(transport.decode(message)) }));
}

/** A transport that hands messages over otherwise. */
export function receiving(
  change: (receive: Parameters<Member<'start'>>[0], transport: ArrayTransport) => Parameters<Member<'start'>>[0],
): BrokenBus['make'] {
  return changing((transport) => ({ start: (receive) => transport.start(change(receive, transport)) }));
}
