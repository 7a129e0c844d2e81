import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { metricsIn, type OtlpRequest, type ServiceMetric, type ServiceSpan, spansIn } from './otlp.ts';

const paths = ['/v1/traces', '/v1/metrics'];

/** A place on loopback that takes OTLP over HTTP as JSON, as a collector would, keeps what came, and may hand it on. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ServiceSpan[] = [];
  /** Why something could not be handed on. */
  readonly failures: Set<string> = new Set();
  readonly #metrics = new Map<string, ServiceMetric>();
  readonly #handOnTo: string | undefined;
  readonly #server = createServer((request, response) => {
    this.#take(request).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      (error: Error) => response.writeHead(400).end(error.message),
    );
  });

  private constructor(handOnTo: string | undefined) {
    this.#handOnTo = handOnTo;
  }

  /** @param handOnTo - where everything goes on to: the base URL of another receiver. */
  static async start(handOnTo?: string): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(handOnTo);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** What to set `OTEL_EXPORTER_OTLP_ENDPOINT` to. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Each metric of each service as it was exported last. */
  get metrics(): readonly ServiceMetric[] {
    return [...this.#metrics.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  async #take(request: IncomingMessage): Promise<void> {
    if (!paths.includes(request.url ?? '')) throw new Error(`Nothing is taken at ${request.url}.`);
    const sent = await buffer(request);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString();
    const body: OtlpRequest = JSON.parse(text);
    this.spans.push(...spansIn(body));
    for (const metric of metricsIn(body)) this.#metrics.set(`${metric.service} ${metric.scope} ${metric.metric.name}`, metric);
    if (this.#handOnTo !== undefined) await this.#handOn(`${this.#handOnTo.replace(/\/$/, '')}${request.url}`, text);
  }

  async #handOn(url: string, body: string): Promise<void> {
    try {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (!response.ok) this.failures.add(`${url} answered ${response.status}`);
    } catch {
      this.failures.add(`nobody takes OTLP at ${url}`);
    }
  }
}
