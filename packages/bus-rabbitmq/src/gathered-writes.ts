import type { AmqpConnection } from './amqp-driver.ts';

/** What of a socket is used. */
interface CorkableSocket {
  cork(): void;
  uncork(): void;
}

/**
 * Has the socket gather what is written within one turn of the event loop into few system calls: the driver writes each message by itself, and
 * since nothing waits for Nagle's algorithm each would be a packet. Nothing is gathered where the connection shows no socket.
 */
export class GatheredWrites {
  readonly #socket: CorkableSocket | undefined;
  #isGathering = false;

  constructor({ connection }: AmqpConnection) {
    const { stream }: { readonly stream?: Partial<CorkableSocket> } = connection ?? {};
    this.#socket = isCorkable(stream) ? stream : undefined;
  }

  /** Gathers what was just handed to the driver, and all else of this turn. */
  gather(): void {
    const socket = this.#socket;
    if (socket === undefined || this.#isGathering) return;
    this.#isGathering = true;
    socket.cork();
    const release = (): void => {
      this.#isGathering = false;
      socket.uncork();
    };
    // The driver writes in an immediate that it asks for in the next tick: this one comes right behind it.
    process.nextTick(() => setImmediate(release));
  }
}

function isCorkable(stream: Partial<CorkableSocket> | undefined): stream is CorkableSocket {
  return typeof stream?.cork === 'function' && typeof stream.uncork === 'function';
}
