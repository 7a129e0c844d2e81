import type { DomainEvent } from '../events/event.ts';
import type {
  ConsumerLag,
  EventTransport,
  IncomingMessage,
  OutgoingMessage,
  ReceiveMessage,
  Route,
  TransportObserver,
} from './event-transport.ts';
import { fromWireEvent } from './wire-event.ts';

/** A broker as seen by a bus: a topic per event type, and bytes that the test delivers itself. */
export class TestTransport implements EventTransport {
  readonly description = {
    component: 'TestBus',
    scope: { name: 'test-bus', version: '1.2.3' },
    logger: 'test.bus',
    system: 'test',
    publishOperation: 'send',
    consumerGroup: 'mailers',
    attributes: { 'server.address': 'broker' },
    deadLetterSource: 'mailers',
  };
  readonly sent: OutgoingMessage[] = [];
  readonly calls: string[] = [];
  receive: ReceiveMessage = () => Promise.reject(new Error('not started'));
  observer: TransportObserver | undefined;
  lags: readonly ConsumerLag[] = [];

  observe(observer: TransportObserver): void {
    this.observer = observer;
  }

  async lag(): Promise<readonly ConsumerLag[]> {
    return this.lags;
  }

  routeOf(event: DomainEvent): Route {
    return { destination: event.type, attributes: { 'test.key': event.aggregateId } };
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    this.calls.push('send');
    this.sent.push(...messages);
  }

  decode({ body }: { body: string | Uint8Array }): DomainEvent {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    if (!text.startsWith('{')) throw new Error('it starts with something odd');
    return fromWireEvent(JSON.parse(text));
  }

  async start(receive: ReceiveMessage): Promise<void> {
    this.calls.push('start');
    this.receive = receive;
  }

  async pause(): Promise<void> {
    this.calls.push('pause');
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  deliver(
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
    wasSettled?: IncomingMessage['wasSettled'],
  ): Promise<void> {
    const route = { destination: 'TaskCreated', attributes: { 'test.partition': 3 } };
    return this.receive({ route, headers, body, ...(wasSettled && { wasSettled }) }, signal);
  }
}
