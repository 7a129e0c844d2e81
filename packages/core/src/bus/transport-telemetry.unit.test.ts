import { configureLogging, getLogger, type LogRecord } from '@es/otel';
import { createTelemetryRecorder, type TelemetryRecorder } from '@es/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { BaseEventBus } from './base-event-bus.ts';
import { numbered } from './bus.fixture.ts';
import { PendingPublish } from './pending-publish.ts';
import { TestTransport } from './test-transport.fixture.ts';

const log: LogRecord[] = [];
beforeAll(() => {
  configureLogging({ destination: { write: (record) => log.push(record) } });
  getLogger('test.bus').setLevel('warn');
});

let recorder: TelemetryRecorder;
beforeEach(() => {
  recorder = createTelemetryRecorder();
});
afterEach(() => {
  recorder.stop();
  log.length = 0;
});

const group = { 'messaging.system': 'test', 'messaging.consumer.group.name': 'mailers', 'server.address': 'broker' };

describe('what a transport goes through', () => {
  test('is counted', async () => {
    const transport = new TestTransport();
    await using _ = new BaseEventBus(transport);
    transport.observer?.reconnected();
    transport.observer?.rebalanced();
    transport.observer?.rebalanced();
    const points = async (name: string) => [(await recorder.metric(name)).unit, (await recorder.metric(name)).points];
    expect(await points('eventsource.reconnections')).toEqual(['{reconnection}', [{ attributes: group, value: 1 }]]);
    expect(await points('eventsource.rebalances')).toEqual(['{rebalance}', [{ attributes: group, value: 2 }]]);
  });
});

describe('the lag of the consumer group', () => {
  test('is asked for while the bus consumes, per partition', async () => {
    const transport = new TestTransport();
    const lag = vi.spyOn(transport, 'lag');
    const bus = new BaseEventBus(transport);
    transport.lags = [
      { destination: 'tasks', partition: '0', messages: 3 },
      { destination: 'tasks', partition: '1', messages: 0 },
      { destination: 'orders', messages: 7 },
    ];
    await recorder.metrics();
    expect(lag).not.toHaveBeenCalled();
    await bus.startConsuming();
    const metric = await recorder.metric('eventsource.consumer.lag');
    expect(metric).toMatchObject({ kind: 'gauge', unit: '{message}', scope: { name: 'test-bus' } });
    const destination = 'messaging.destination.name';
    const partition = 'messaging.destination.partition.id';
    expect(metric.points).toEqual([
      { attributes: { ...group, [destination]: 'tasks', [partition]: '0' }, value: 3 },
      { attributes: { ...group, [destination]: 'tasks', [partition]: '1' }, value: 0 },
      { attributes: { ...group, [destination]: 'orders' }, value: 7 },
    ]);
    lag.mockClear();
    await bus.stop();
    await recorder.metrics();
    expect(lag).not.toHaveBeenCalled();
  });

  test('that can not be measured is left out, with a warning that says why', async () => {
    const transport = new TestTransport();
    const error = new Error('no broker');
    vi.spyOn(transport, 'lag').mockRejectedValue(error);
    await using bus = new BaseEventBus(transport);
    await bus.startConsuming();
    const metrics = await recorder.metrics();
    expect(metrics.flatMap(({ points }) => points)).toEqual([]);
    expect(log).toMatchObject([{ level: 'warn', fields: { err: error }, message: expect.stringMatching(/lag/) }]);
  });

  test('is not asked for by a bus without metrics', async () => {
    const transport = new TestTransport();
    const lag = vi.spyOn(transport, 'lag');
    await using bus = new BaseEventBus(transport, { metrics: false });
    await bus.startConsuming();
    await recorder.metrics();
    expect(lag).not.toHaveBeenCalled();
  });
});

describe('messages sent', () => {
  test('count as what became of each where only some of a batch are confirmed', async () => {
    const transport = new TestTransport();
    vi.spyOn(transport, 'send').mockImplementation((messages) => {
      const pending = new PendingPublish(messages, { component: 'TestBus', timeoutMs: 1_000 });
      pending.confirm(0);
      pending.confirm(2);
      pending.failAll({ code: 'ES_PUBLISH_REFUSED', reason: 'the queue is full.' });
      return pending.done;
    });
    await using bus = new BaseEventBus(transport);
    await expect(bus.publish(numbered('task-1', 5))).rejects.toMatchObject({ code: 'ES_PUBLISH_REFUSED' });
    const { points } = await recorder.metric('messaging.client.sent.messages');
    expect(points.map(({ attributes, value }) => [attributes['error.type'], value])).toEqual([
      [undefined, 2],
      ['ES_PUBLISH_REFUSED', 3],
    ]);
    expect(recorder.span('send NumberAdded')).toMatchObject({
      status: { code: 'ERROR' },
      attributes: { 'error.type': 'ES_PUBLISH_REFUSED' },
    });
  });
});
