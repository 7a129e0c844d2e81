import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** A request that a trace receiver got. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Unpacked, byte for byte: names stand in it as they are, in protobuf too. */
  readonly body: string;
}

/** A place on loopback that takes traces. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
}

/** Takes OTLP over HTTP, and Zipkin's JSON. */
export function httpReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const packed = request.headers['content-encoding'] === 'gzip';
    received.push({ path: request.url ?? '', headers: request.headers, body: (packed ? gunzipSync(body) : body).toString('latin1') });
    response.writeHead(request.url === '/api/v2/spans' ? 202 : 200).end();
  };
  const server = createHttpServer((request, response) => {
    take(request, response).catch((error: Error) => response.destroy(error));
  });
  return listen(server, received);
}

/** Takes OTLP over gRPC: one message a request, answered with an empty one. */
export function grpcReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const take = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> => {
    const body = await buffer(stream as Readable);
    received.push({ path: String(headers[':path']), headers, body: body.toString('latin1') });
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  };
  const server = createHttp2Server();
  server.on('stream', (stream, headers) => {
    take(stream, headers).catch((error: Error) => stream.destroy(error));
  });
  return listen(server, received);
}

async function listen(server: Server, received: readonly Received[]): Promise<Receiver> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, received, [Symbol.asyncDispose]: close };
}
