import { parseJsonBody } from '../codec/json-body.ts';
import type { DomainEvent } from '../events/event.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../package-info.ts';
import type { EventTransport, IncomingMessage, OutgoingMessage, ReceiveMessage, Route, TransportDescription } from './event-transport.ts';
import { InHand } from './in-hand.ts';
import { fromWireEvent } from './wire-event.ts';

/** Carries messages within the process, as JSON text: what comes out is as much a copy as from a broker. */
export class MemoryEventTransport implements EventTransport {
  readonly description: TransportDescription;
  readonly #route: Route;
  readonly #started = Promise.withResolvers<ReceiveMessage>();
  readonly #unsettled = new InHand();
  #isStarted = false;

  constructor(name: string) {
    this.description = {
      component: 'InMemoryEventBus',
      scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
      logger: 'eventsource.bus.memory',
      system: 'in_memory',
      publishOperation: 'publish',
      publishSpan: 'eventsource.event_bus.publish',
      attributes: {},
      deadLetterSource: name,
    };
    this.#route = { destination: name };
  }

  get undelivered(): number {
    return this.#isStarted ? 0 : this.#unsettled.unfinished;
  }

  /** Resolves when every message that was sent is settled; rejects with the signal's reason. */
  whenSettled(signal: AbortSignal): Promise<void> {
    return this.#unsettled.whenEmpty(signal);
  }

  routeOf(): Route {
    return this.#route;
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    for (const { event, headers, route } of messages) {
      const message = { route, headers, body: JSON.stringify(event) };
      // The bus counts what it could not finish; there is nobody else to tell.
      this.#unsettled.track(() => this.#hand(message)).catch(() => undefined);
    }
  }

  decode({ body }: IncomingMessage): DomainEvent {
    return fromWireEvent(parseJsonBody(body));
  }

  async start(receive: ReceiveMessage): Promise<void> {
    this.#isStarted = true;
    this.#started.resolve(receive);
  }

  async pause(): Promise<void> {
    // What was sent has nowhere else to wait, so it is still handed over.
  }

  async close(): Promise<void> {
    // Nothing was opened.
  }

  async #hand(message: IncomingMessage): Promise<void> {
    const receive = await this.#started.promise;
    await receive(message);
  }
}
