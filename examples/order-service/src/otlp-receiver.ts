import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { OtlpMetric, OtlpMetricsRequest, OtlpSpan, OtlpTracesRequest } from './otlp.ts';

/** A span and the service that made it. */
export interface ServiceSpan {
  readonly service: string;
  readonly span: OtlpSpan;
}

/** A metric and the service that measured it, as it was exported last. */
export interface ServiceMetric {
  readonly service: string;
  readonly metric: OtlpMetric;
}

/** A place on loopback that takes OTLP over HTTP as JSON, as a collector would, keeps what came, and may hand it on. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ServiceSpan[] = [];
  /** Why something could not be handed on. */
  readonly failures = new Set<string>();
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

  /** @param handOnTo - Where everything goes on to: the base URL of another receiver. */
  static async start(handOnTo?: string): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(handOnTo);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** What to set `OTEL_EXPORTER_OTLP_ENDPOINT` to. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

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
    const sent = await buffer(request);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString();
    const body: unknown = JSON.parse(text);
    if (request.url === '/v1/traces') this.#takeSpans(body as OtlpTracesRequest);
    else if (request.url === '/v1/metrics') this.#takeMetrics(body as OtlpMetricsRequest);
    else throw new Error(`Nothing is taken at ${request.url}.`);
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

  #takeSpans({ resourceSpans }: OtlpTracesRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const { spans } of scopeSpans) this.spans.push(...spans.map((span) => ({ service: serviceOf(resource), span })));
    }
  }

  #takeMetrics({ resourceMetrics }: OtlpMetricsRequest): void {
    for (const { resource, scopeMetrics } of resourceMetrics) {
      const service = serviceOf(resource);
      for (const { scope, metrics } of scopeMetrics)
        for (const metric of metrics) this.#metrics.set(`${service} ${scope?.name} ${metric.name}`, { service, metric });
    }
  }
}

function serviceOf(resource: {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}): string {
  return resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
}
