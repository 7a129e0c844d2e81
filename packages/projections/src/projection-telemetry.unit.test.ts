import { InMemoryEventBus, InMemoryEventStore } from '@es/core';
import { createTracing } from '@es/otel';
import { createTelemetryRecorder, type TelemetryRecorder } from '@es/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineProjection } from './define-projection.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from './package-info.ts';
import { on } from './projection-handler.ts';
import { TaskCounts, TaskCreated, taskEvent } from './tasks.fixture.ts';

let recorder: TelemetryRecorder;
beforeEach(() => {
  recorder = createTelemetryRecorder();
});
afterEach(() => recorder.stop());

const app = createTracing('app');
const stored = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const created = () => taskEvent(TaskCreated.create({ title: 'x' }), { traceparent: `00-${stored.traceId}-${stored.spanId}-01` });

test('spans are off by default, and the handler stays in the trace around it', async () => {
  const projection = defineProjection({ name: 'p', handlers: [on(TaskCreated, () => app.span('query', () => undefined))] });
  await app.span('request', () => projection.handle(created()));
  expect(recorder.treeText()).toBe('request\n  query');
});

test('spans are made on request, one for the event and one for each handler, linked to where the event was written', async () => {
  const projection = defineProjection({
    name: 'titles',
    tracing: true,
    handlers: [
      on(TaskCreated, async () => app.span('query', async () => undefined), { name: 'insert' }),
      on(TaskCreated, () => undefined, { name: 'count' }),
    ],
  });
  const event = created();
  await app.span('request', () => projection.handle(event));
  expect(recorder.treeText({ attributes: ['eventsource.handler.name'] })).toBe(
    [
      'request',
      '  eventsource.projection.handle',
      '    eventsource.projection.handler eventsource.handler.name=insert',
      '      query',
      '    eventsource.projection.handler eventsource.handler.name=count',
    ].join('\n'),
  );
  const attributes = {
    'eventsource.projection.name': 'titles',
    'eventsource.event.type': 'TaskCreated',
    'eventsource.event.id': event.id,
    'eventsource.aggregate.type': 'Task',
    'eventsource.aggregate.id': 'task-1',
  };
  const handle = recorder.span('eventsource.projection.handle');
  expect(handle).toMatchObject({
    kind: 'INTERNAL',
    status: { code: 'UNSET' },
    scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
    links: [stored],
  });
  expect(handle.attributes).toEqual(attributes);
  expect(recorder.spans('eventsource.projection.handler')[0]?.attributes).toEqual({ ...attributes, 'eventsource.handler.name': 'insert' });
});

test('links lead back to the span that appended the event, over the store and over the bus', async () => {
  const store = new InMemoryEventStore();
  const counts = new TaskCounts({ tracing: true });
  await app.span('request', () =>
    store.appendEvents({ aggregateType: 'Task', aggregateId: 'a' }, [TaskCreated.create({ title: 'x' })], { expectedVersion: 'any' }),
  );
  await counts.catchUp(store);
  await using bus = new InMemoryEventBus();
  counts.subscribeTo(bus);
  await bus.startConsuming();
  await bus.publish(await store.readAll().toArray());
  await bus.whenIdle();
  const { traceId, spanId } = recorder.span('eventsource.event_store.append_events');
  const [caughtUp, live] = recorder.spans('eventsource.projection.handle');
  expect(caughtUp?.links).toMatchObject([{ traceId, spanId }]);
  expect(live?.links).toMatchObject([{ traceId, spanId }]);
  expect(live?.parentSpanId).toBe(recorder.span('eventsource.event_bus.handle').spanId);
});

test('events that are passed over leave no span', async () => {
  await new TaskCounts({ tracing: true }).handle(taskEvent({ ...TaskCreated.create({ title: 'x' }), type: 'Other' }));
  expect(recorder.spans()).toEqual([]);
});

test('a failure is on both spans and on the metric, each by its own error', async () => {
  const failing = () => Promise.reject(Object.assign(new Error('no'), { code: 'E_NO' }));
  const projection = defineProjection({ name: 'titles', tracing: true, handlers: [on(TaskCreated, failing)] });
  await projection.handle(created()).catch(() => undefined);
  expect(recorder.treeText()).toBe('eventsource.projection.handle ERROR ES_PROJECTION_FAILED\n  eventsource.projection.handler ERROR E_NO');
  expect((await recorder.metric('eventsource.handler.duration')).points).toMatchObject([
    {
      attributes: {
        'eventsource.projection.name': 'titles',
        'eventsource.handler.name': 'TaskCreated',
        'eventsource.event.type': 'TaskCreated',
        'error.type': 'E_NO',
      },
      distribution: { count: 1 },
    },
  ]);
});

test('a type that must not occur fails the span', async () => {
  await new TaskCounts({ tracing: true, unhandled: 'error' })
    .handle(taskEvent({ ...TaskCreated.create({ title: 'x' }), type: 'Other' }))
    .catch(() => undefined);
  expect(recorder.treeText()).toBe('eventsource.projection.handle ERROR ES_PROJECTION_FAILED');
});

test('metrics are on by default and can be switched off', async () => {
  await new TaskCounts({ metrics: false }).handle(created());
  expect(await recorder.metrics()).toEqual([]);
  await new TaskCounts().handle(created());
  expect(await recorder.metric('eventsource.handler.duration')).toMatchObject({
    scope: { name: PACKAGE_NAME },
    unit: 's',
    points: [{ distribution: { count: 1 } }],
  });
});
