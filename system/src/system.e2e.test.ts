import { attributesOf } from '@es-internal/services/otlp';
import { OtlpReceiver } from '@es-internal/services/otlp-receiver';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { TraceFlags } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { busesOn } from './buses.fixture.ts';
import { ATTR_CUSTOMER } from './customer.ts';
import { deliverOrders } from './orders.fixture.ts';
import { fromOtlp, linksOf, linksOfOrder, treeOf, treeOfOrder } from './trace.fixture.ts';

const exportingTo = ({ url }: OtlpReceiver) => ({
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
});

describeWithRabbitMQ('three services over RabbitMQ', (rabbitmq) => {
  describeWithKafka('and Kafka', (kafka) => {
    const buses = busesOn(rabbitmq, kafka);
    const tree = treeOfOrder(buses.ES_PARCELS_TOPIC);
    const links = linksOfOrder(buses.ES_PARCELS_TOPIC);

    test('each order is one trace from the shop to the courier, also among others at the same time', async () => {
      await using receiver = await OtlpReceiver.start();
      const orders = await deliverOrders(['ana', 'bo', 'cy', 'di', 'ed'], buses, exportingTo(receiver));
      expect(new Set(orders.map(({ placed }) => placed.traceId)).size).toBe(orders.length);
      expect(receiver.spans).toHaveLength(orders.length * tree.length);
      for (const { customer, placed, delivered } of orders) {
        const own = receiver.spans.filter(({ span }) => span.traceId === placed.traceId);
        expect(treeOf(own.map(fromOtlp))).toEqual(tree);
        expect(linksOf(own.map(fromOtlp))).toEqual(links);
        const named = own.flatMap(({ span }) => {
          const name = attributesOf(span)[ATTR_CUSTOMER];
          return name === undefined ? [] : [[span.name, name, span.spanId]];
        });
        expect(named).toHaveLength(3);
        expect(named).toEqual(
          expect.arrayContaining([
            ['shop.place_order', customer, placed.spanId],
            ['warehouse.pack', customer, expect.any(String)],
            ['courier.deliver', customer, delivered.spanId],
          ]),
        );
        expect(delivered).toMatchObject({ traceId: placed.traceId, traceFlags: TraceFlags.SAMPLED });
      }
    });

    test('an order that the shop does not sample is recorded by none, and is one trace all the same', async () => {
      await using receiver = await OtlpReceiver.start();
      const [order] = await deliverOrders(['ana'], buses, exportingTo(receiver), { OTEL_TRACES_SAMPLER: 'always_off' });
      expect(order?.placed).toMatchObject({ traceFlags: TraceFlags.NONE });
      expect(order?.delivered).toMatchObject({ traceId: order?.placed.traceId, traceFlags: TraceFlags.NONE });
      expect(order?.delivered.spanId).not.toBe(order?.placed.spanId);
      expect(receiver.spans).toEqual([]);
      expect(receiver.metrics.map(({ service, metric }) => `${service}: ${metric.name}`)).toEqual(
        expect.arrayContaining(['shop: messaging.client.sent.messages', 'courier: messaging.client.consumed.messages']),
      );
    });
  });
});
