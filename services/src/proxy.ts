import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Where a proxy leads to: a URL with a host and a port, or `host:port`. */
type Target = string;

const hostAndPort = (target: Target): URL => new URL(target.includes('://') ? target : `tcp://${target}`);

/** A TCP proxy before a server, which can break connections in ways that networks do. */
export class FaultyProxy implements AsyncDisposable {
  readonly #server: Server = createServer((client) => this.#pipe(client));
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #open = Promise.resolve();
  #resume: () => void = () => undefined;
  /** The server, which may be known only after the proxy: Kafka has to be told the proxy's port when it starts. */
  target: Target = '';
  /** Asked for each chunk of an answer; with true it is kept back and the connection is cut: the server has done it, the client never hears. */
  swallow: (answer: Buffer) => boolean = () => false;
  /** Told of each chunk of a request. */
  onRequest: (request: Buffer) => void = () => undefined;
  /** Asked for each chunk of a request; with an answer, that goes to the client, and the request nowhere. */
  answer: (request: Buffer) => Buffer | undefined = () => undefined;
  /** How long each chunk waits, in milliseconds, before it goes on and the next one is read. */
  delayMs = 0;

  private constructor() {}

  /** A proxy on a free loopback port, whose {@link target} is still to be said. */
  static async open(): Promise<FaultyProxy> {
    const proxy = new FaultyProxy();
    await proxy.accept();
    return proxy;
  }

  /** A proxy on a free loopback port before a server. */
  static async before(target: Target): Promise<FaultyProxy> {
    const proxy = await FaultyProxy.open();
    proxy.target = target;
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** The URL of the server by way of the proxy; for a target without a scheme, `host:port`. */
  get url(): string {
    const url = hostAndPort(this.target);
    url.host = `127.0.0.1:${this.#port}`;
    return this.target.includes('://') ? url.href : url.host;
  }

  /** How many sockets are open, on both sides. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Cuts every connection. New ones are accepted. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** New connections are refused, as by a server that is not there; those that are open go on. */
  refuse(): void {
    this.#server.close();
  }

  /** New connections are accepted again, on the same port. */
  async accept(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Nothing goes through any more, in neither direction, although all connections stay open. */
  stall(): void {
    this.resume();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#open = promise;
    this.#resume = resolve;
  }

  /** What was held back goes on, and the rest behind it. */
  resume(): void {
    this.#resume();
  }

  async close(): Promise<void> {
    this.resume();
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #pipe(client: Socket): void {
    const { hostname, port } = hostAndPort(this.target);
    const server = connect(Number(port), hostname);
    void this.#carry(client, server, (request) => {
      this.onRequest(request);
      const answer = this.answer(request);
      if (answer === undefined) server.write(request);
      else client.end(answer);
    });
    void this.#carry(server, client, (answer) => {
      if (this.swallow(answer)) client.destroy();
      else client.write(answer);
    });
  }

  async #carry(from: Socket, to: Socket, pass: (chunk: Buffer) => void): Promise<void> {
    this.#sockets.add(from);
    from.once('close', () => this.#sockets.delete(from));
    try {
      for await (const chunk of from) {
        await this.#open;
        if (this.delayMs > 0) await delay(this.delayMs);
        pass(chunk);
      }
      to.end();
    } catch {
      // However one side broke, the other one is to notice.
      to.destroy();
    }
  }
}
