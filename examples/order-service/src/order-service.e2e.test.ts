import { attributesOf } from '@es-internal/services/otlp';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { expect, test } from 'vitest';
import { joinedTrace } from './joined-trace.ts';
import { metricLines } from './metric-lines.ts';
import { type OrderStory, orderStory } from './order-story.ts';

describeWithRabbitMQ('over RabbitMQ', (broker) => {
  test('an order placed in one service has its invoice in the other, in one trace', async () => {
    const story = await orderStory({ ES_BROKER: 'rabbitmq', ES_AMQP_URL: broker.url, ES_ORDERS_DESTINATION: 'orders' });
    expectOneTrace(story, 'publish orders', 'process orders');
    expectMetrics(story);
  });
});

describeWithKafka('over Kafka', (broker) => {
  test('an order placed in one service has its invoice in the other, in one trace', async () => {
    const story = await orderStory({
      ES_BROKER: 'kafka',
      ES_KAFKA_BROKERS: broker.brokers.join(','),
      ES_ORDERS_DESTINATION: `${broker.prefix}orders`,
    });
    expectOneTrace(story, `send ${broker.prefix}orders`, `process ${broker.prefix}orders`);
    expectMetrics(story);
  });
});

function expectOneTrace({ lines, spans }: OrderStory, publish: string, process: string): void {
  const [placed] = lines;
  const orderId = placed?.replace('placed ', '');
  expect(lines).toEqual([`placed ${orderId}`, 'ready', `invoiced ${orderId}: 21.00`]);
  expect(new Set(spans.map(({ span }) => span.traceId)).size).toBe(1);
  const names = joinedTrace(spans)
    .split('\n')
    .map((line) =>
      line.replace(
        /^([│├└─ ]*)(\S.*?) {2}[\d.]+ m?s(?: {2}([A-Z]+))?.*$/,
        (_, branch, name, kind) => `${branch}${name}${kind ? ` [${kind}]` : ''}`,
      ),
    );
  expect(names.slice(1, -1)).toEqual([
    'order_desk.place_order',
    '├─ eventsource.repository.save',
    '│  └─ eventsource.event_store.append_events',
    '├─ eventsource.event_store.get_events',
    `└─ ${publish} [PRODUCER]`,
    `   └─ ${process} [CONSUMER]`,
    '      └─ eventsource.event_bus.dispatch',
    '         └─ eventsource.event_bus.handle',
    '            ├─ eventsource.repository.load',
    '            │  └─ eventsource.event_store.get_events',
    '            └─ eventsource.repository.save',
    '               └─ eventsource.event_store.append_events',
  ]);
  const services = spans.map(({ service, span }) => [span.name, service]);
  expect(services).toEqual(
    expect.arrayContaining([
      [publish, 'orders'],
      [process, 'billing'],
    ]),
  );
  const consumer = spans.find(({ span }) => span.name === process)?.span;
  const append = spans.find(({ service, span }) => service === 'orders' && span.name.endsWith('append_events'))?.span;
  const producer = spans.find(({ span }) => span.name === publish)?.span;
  expect(consumer?.links?.map(({ spanId }) => spanId)).toEqual([producer?.spanId, append?.spanId]);
  expect(attributesOf(consumer ?? { attributes: [] })).toMatchObject({ 'messaging.consumer.group.name': 'billing' });
}

function expectMetrics({ metrics }: OrderStory): void {
  const lines = metricLines(metrics).map((line) => line.replace(/ +/g, ' '));
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^orders messaging\.client\.sent\.messages 1 \{message\}/),
      expect.stringMatching(/^billing messaging\.client\.consumed\.messages 1 \{message\}/),
      expect.stringMatching(/^billing eventsource\.handler\.duration 1 × \S+ s bill$/),
      expect.stringMatching(/^billing eventsource\.consumer\.lag \d+ \{message\}/),
    ]),
  );
}
