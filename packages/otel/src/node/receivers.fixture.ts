import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server on a free port of the loopback interface, which stops when the test has finished. */
export interface Receiver<T> {
  readonly port: number;
  readonly url: string;
  readonly received: readonly T[];
}

/** Takes HTTP requests of any kind, as an OTLP or a Zipkin back end would, and answers all with one status. */
export async function httpReceiver(status = 200): Promise<Receiver<ReceivedRequest>> {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end(status === 200 ? '' : 'no');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, received };
}

/** A gRPC call as it came over the wire. */
export interface ReceivedCall {
  readonly method: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Takes calls of the three OTLP services over gRPC, in the clear. */
export async function grpcReceiver(): Promise<Receiver<ReceivedCall>> {
  const received: ReceivedCall[] = [];
  const server = new Server();
  for (const [signal, name] of [
    ['trace', 'TraceService'],
    ['metrics', 'MetricsService'],
    ['logs', 'LogsService'],
  ]) {
    const path = `/opentelemetry.proto.collector.${signal}.v1.${name}/Export`;
    const raw = (message: Buffer) => message;
    server.addService(
      {
        Export: {
          path,
          requestStream: false,
          responseStream: false,
          requestSerialize: raw,
          requestDeserialize: raw,
          responseSerialize: raw,
          responseDeserialize: raw,
        },
      },
      {
        Export: (
          call: { metadata: { getMap(): Record<string, unknown> }; request: Buffer },
          answer: (error: null, reply: Buffer) => void,
        ) => {
          received.push({ method: path, metadata: call.metadata.getMap(), body: call.request });
          answer(null, Buffer.alloc(0));
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return { port, url: `http://127.0.0.1:${port}`, received };
}

/** Takes connections and gathers the first bytes of each, then hangs up. */
export async function tcpReceiver(): Promise<Receiver<Buffer>> {
  const received: Buffer[] = [];
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      received.push(bytes);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, received };
}

/** A port of the loopback interface on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
