import { join } from 'node:path';
import { metricsIn, type OtlpRequest, spansIn } from '@es-internal/services/otlp';
import { startPrivateCollector } from '@es-internal/services/private-collector';
import { startPrivateKafka } from '@es-internal/services/private-kafka';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { describeWithZipkin } from '@es-internal/services/vitest/use-zipkin';
import { beforeAll, expect, test } from 'vitest';
import { busesOn, exchange } from '../src/buses.fixture.ts';
import { deliverOrders } from '../src/orders.fixture.ts';
import { fromOtlp, fromZipkin, linksOf, linksOfOrder, treeOf, treeOfOrder, type ZipkinSpan } from '../src/trace.fixture.ts';
import { lookAtTrace } from './zipkin-page.fixture.ts';

/** With ES_UPDATE_DOCS=1 the picture in the documentation is taken anew. */
const pictures = process.env['ES_UPDATE_DOCS'] === '1' ? '../../docs/images' : '../.test-results';
const picture = join(import.meta.dirname, pictures, 'trace-in-zipkin.png');

/** On a broker of the tests' own: the topic's name is in the picture. */
const topic = 'parcels';
const tree = treeOfOrder(topic);

describeWithRabbitMQ('three services over RabbitMQ and Kafka', (rabbitmq) => {
  describeWithZipkin('which export to Zipkin and to the Collector', (zipkin) => {
    let traceId = '';
    let requests: readonly OtlpRequest[] = [];

    beforeAll(async () => {
      await using kafka = await startPrivateKafka();
      await using collector = await startPrivateCollector();
      const [order] = await deliverOrders(['ana'], busesOn(rabbitmq, kafka), {
        OTEL_TRACES_EXPORTER: 'otlp,zipkin',
        // What the machine is called is nothing for a picture.
        OTEL_NODE_RESOURCE_DETECTORS: 'none',
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${zipkin}/api/v2/spans`,
      });
      traceId = order?.placed.traceId ?? '';
      requests = (await collector.stop()).map((text) => JSON.parse(text));
    }, 900_000);

    test('Zipkin has the whole trace', async () => {
      const zipkinTree = async () => {
        const response = await fetch(`${zipkin}/api/v2/trace/${traceId}`);
        return response.ok ? treeOf(((await response.json()) as ZipkinSpan[]).map(fromZipkin)) : [];
      };
      await expect.poll(zipkinTree, { timeout: 20_000 }).toEqual(tree);
    });

    test("Zipkin's page shows it", async () => {
      const lines = await lookAtTrace(zipkin, traceId, `warehouse: process ${exchange}`, picture);
      const after = (label: string) => lines[lines.indexOf(label) + 1];
      expect([after('Services'), after('Total Spans'), after('Trace ID')]).toEqual(['3', String(tree.length), traceId]);
      const spans = tree.map((line) => line.trim().replace(/ \[.*\]$/, ''));
      expect(lines.filter((line) => /^(shop|warehouse|courier): /.test(line))).toEqual([spans[0], ...spans]);
    });

    test('the Collector has the whole trace, with its links', () => {
      const spans = requests.flatMap(spansIn).map(fromOtlp);
      expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
      expect(treeOf(spans)).toEqual(tree);
      expect(linksOf(spans)).toEqual(linksOfOrder(topic));
    });

    test('the Collector has metrics of each service', () => {
      const metrics = requests.flatMap(metricsIn).map(({ service, metric }) => `${service}: ${metric.name}`);
      expect(metrics).toEqual(
        expect.arrayContaining([
          'shop: messaging.client.sent.messages',
          'warehouse: messaging.client.consumed.messages',
          'warehouse: eventsource.events.appended',
          'warehouse: messaging.client.sent.messages',
          'courier: messaging.client.consumed.messages',
          'courier: eventsource.handler.duration',
        ]),
      );
    });
  });
});
