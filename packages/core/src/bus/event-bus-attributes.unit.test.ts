import { getLogger } from '@es/otel';
import { createTelemetryRecorder, type TelemetryRecorder } from '@es/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DomainEvent } from '../events/event.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../package-info.ts';
import { eventOf, TaskCompleted, TaskCreated } from './bus.fixture.ts';
import { names, run } from './traced-run.fixture.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

let recorder: TelemetryRecorder;
beforeEach(() => {
  recorder = createTelemetryRecorder();
});
afterEach(() => {
  recorder.stop();
});

const created = (aggregateId = 'task-1'): DomainEvent => eventOf(TaskCreated.create({ title: 'x' }), { aggregateId });

describe('attributes', () => {
  test('of a single message', async () => {
    const event = eventOf(TaskCreated.create({ title: 'x' }), { context: { tenantId: 'acme' } });
    await run([event], () => undefined);
    const about = {
      'eventsource.aggregate.type': 'Task',
      'eventsource.aggregate.id': 'task-1',
      'eventsource.event.type': 'TaskCreated',
      'eventsource.event.id': event.id,
      'eventsource.tenant.id': 'acme',
    };
    const messaging = { 'messaging.system': 'in_memory', 'messaging.destination.name': 'events', 'messaging.message.id': event.id };
    expect(recorder.span(names.publish)).toMatchObject({
      kind: 'PRODUCER',
      status: { code: 'UNSET' },
      scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
    });
    expect(recorder.span(names.publish).attributes).toEqual({
      ...about,
      ...messaging,
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'eventsource.event.count': 1,
    });
    expect(recorder.span(names.process).attributes).toEqual({
      ...about,
      ...messaging,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
    });
    expect(recorder.span(names.dispatch).attributes).toEqual(about);
    expect(recorder.span(names.handle).attributes).toEqual({ ...about, 'eventsource.handler.name': 'mailer' });
  });

  test('of a batch are what its messages have in common', async () => {
    await run([created('a'), eventOf(TaskCompleted.create(), { aggregateId: 'a', version: 2 })], () => undefined);
    expect(recorder.span(names.publish).attributes).toEqual({
      'messaging.system': 'in_memory',
      'messaging.destination.name': 'events',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.batch.message_count': 2,
      'eventsource.event.count': 2,
      'eventsource.event.types': ['TaskCompleted', 'TaskCreated'],
      'eventsource.aggregate.type': 'Task',
      'eventsource.aggregate.id': 'a',
    });
    await recorder.reset();
    await run([created('a'), created('b')], () => undefined);
    expect(recorder.span(names.publish).attributes).toMatchObject({
      'eventsource.event.type': 'TaskCreated',
      'eventsource.aggregate.type': 'Task',
    });
    expect(recorder.span(names.publish).attributes).not.toHaveProperty('eventsource.aggregate.id');
  });
});

describe('metrics', () => {
  test('move with what happens', async () => {
    let attempts = 0;
    await run([created('a'), created('b')], (event) => {
      if (event.aggregateId === 'b') return;
      attempts += 1;
      throw Object.assign(new Error('no'), { code: 'E_NO' });
    });
    expect(attempts).toBe(3);
    const messaging = { 'messaging.system': 'in_memory', 'messaging.destination.name': 'events' };
    const sending = { ...messaging, 'messaging.operation.name': 'publish', 'messaging.operation.type': 'send' };
    const processing = { ...messaging, 'messaging.operation.name': 'process', 'messaging.operation.type': 'process' };
    const handling = { 'messaging.system': 'in_memory', 'eventsource.handler.name': 'mailer', 'eventsource.event.type': 'TaskCreated' };
    const points = async (name: string) =>
      (await recorder.metric(name)).points.map(({ attributes, value, distribution }) => [attributes, distribution?.count ?? value]);
    expect(await points('messaging.client.sent.messages')).toEqual([[sending, 2]]);
    expect(await points('messaging.client.operation.duration')).toEqual([[sending, 1]]);
    expect(await points('messaging.client.consumed.messages')).toEqual([[processing, 2]]);
    expect(await points('messaging.process.duration')).toEqual(
      expect.arrayContaining([
        [processing, 1],
        [{ ...processing, 'error.type': 'E_NO' }, 3],
      ]),
    );
    expect(await points('eventsource.handler.duration')).toEqual(
      expect.arrayContaining([
        [handling, 1],
        [{ ...handling, 'error.type': 'E_NO' }, 3],
      ]),
    );
    expect(await points('eventsource.retries')).toEqual([[handling, 2]]);
    expect(await points('eventsource.dead_letters')).toEqual([
      [{ ...processing, 'eventsource.handler.name': 'mailer', 'error.type': 'E_NO' }, 1],
    ]);
  });

  test('can be switched off', async () => {
    await run([created()], () => undefined, { metrics: false });
    expect(await recorder.metrics()).toEqual([]);
    expect(recorder.spans()).toHaveLength(4);
  });
});
