import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy before a server, which can break connections in ways that networks do. */
export class FaultyProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: URL;
  /** Asked for each chunk of an answer; with true it is kept back and the connections are cut: the server has done it, the client never hears. */
  swallow: (answer: Buffer) => boolean = () => false;
  /** Told of each chunk of a request. */
  onRequest: (request: Buffer) => void = () => undefined;

  /** Asked for each chunk of a request; with an answer, that goes to the client, and the request nowhere. */
  answer: (request: Buffer) => Buffer | undefined = () => undefined;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((socket) => this.#pipe(socket));
  }

  static async before(url: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The URL of the server by way of the proxy. */
  get url(): string {
    const address = this.#server.address();
    const url = new URL(this.#target);
    url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    return url.href;
  }

  /** How many sockets are open, on both sides. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pipe(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (chunk) => {
      this.onRequest(chunk);
      const answer = this.answer(chunk);
      if (answer === undefined) server.write(chunk);
      else client.end(answer);
    });
    server.on('data', (chunk) => {
      if (this.swallow(chunk)) client.destroy();
      else client.write(chunk);
    });
  }
}
