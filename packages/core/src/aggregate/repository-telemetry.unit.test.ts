import { createTracing } from '@es/otel';
import { createTelemetryRecorder, type TelemetryRecorder } from '@es/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AggregateRepository, createCommandHandler, InMemoryEventStore, InMemorySnapshotStore } from '../index.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../package-info.ts';
import { Task, taskDecider } from './task.fixture.ts';

let recorder: TelemetryRecorder;
beforeEach(() => {
  recorder = createTelemetryRecorder();
});
afterEach(() => recorder.stop());

const setUp = (every?: number) => {
  const eventStore = new InMemoryEventStore();
  const snapshots = { store: new InMemorySnapshotStore(), ...(every === undefined ? {} : { every }) };
  return { eventStore, snapshots, tasks: new AggregateRepository({ eventStore, aggregate: Task, snapshots }) };
};

const shape = (): string => recorder.treeText({ attributes: [] });

describe('what a repository tells OpenTelemetry', () => {
  test('one append under one save, one read under one load', async () => {
    const { eventStore } = setUp();
    const tasks = new AggregateRepository({ eventStore, aggregate: Task });
    const task = tasks.createNew('t-1');
    task.create('x');
    task.complete();
    await tasks.save(task);
    await tasks.load('t-1');
    await tasks.exists('t-1');

    expect(shape().trim().split('\n')).toEqual([
      'eventsource.repository.save',
      '  eventsource.event_store.append_events',
      'eventsource.repository.load',
      '  eventsource.event_store.get_events',
      'eventsource.repository.exists',
      '  eventsource.event_store.get_events',
    ]);
    expect(recorder.span('eventsource.repository.save')).toMatchObject({
      kind: 'INTERNAL',
      status: { code: 'UNSET' },
      scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
      attributes: {
        'eventsource.aggregate.type': 'Task',
        'eventsource.aggregate.id': 't-1',
        'eventsource.event.count': 2,
        'eventsource.expected_version': 'no-stream',
        'eventsource.version': 2,
        'eventsource.conflict_retries': 0,
      },
    });
    expect(recorder.span('eventsource.repository.load').attributes).toMatchObject({
      'eventsource.version': 2,
      'eventsource.events.replayed': 2,
      'eventsource.snapshot.used': false,
    });
  });

  test('a snapshot that was taken and one that was used', async () => {
    const { tasks } = setUp(2);
    const task = tasks.createNew('t-1');
    task.create('x');
    task.rename('y');
    task.rename('z');
    await tasks.save(task);
    await recorder.reset();
    await tasks.update('t-1', (loaded) => loaded.complete());

    expect(shape().trim().split('\n')).toEqual([
      'eventsource.repository.load',
      '  eventsource.snapshot.get',
      '  eventsource.event_store.get_events',
      'eventsource.repository.save',
      '  eventsource.event_store.append_events',
      '  eventsource.repository.create_snapshot',
      '    eventsource.snapshot.save',
    ]);
    expect(recorder.span('eventsource.repository.load').attributes).toMatchObject({
      'eventsource.version': 3,
      'eventsource.events.replayed': 0,
      'eventsource.snapshot.used': true,
    });
    expect(recorder.span('eventsource.repository.create_snapshot').attributes).toMatchObject({ 'eventsource.version': 4 });
    expect(recorder.span('eventsource.snapshot.save').attributes).toMatchObject({ 'eventsource.version': 4 });
  });

  test('a conflict: an error on save and append alike, counted, with its retries', async () => {
    const { tasks } = setUp();
    await tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });
    await recorder.reset();
    let raced = false;
    await tasks.update('t-1', async (task) => {
      task.rename('mine');
      if (raced) return;
      raced = true;
      await tasks.update('t-1', (other) => other.rename('theirs'));
    });
    const saves = recorder.spans('eventsource.repository.save');
    const failed = recorder.spans().filter((span) => span.status.code === 'ERROR');

    expect(saves.map((span) => span.attributes['eventsource.conflict_retries'])).toEqual([0, 0, 1]);
    expect(failed.map((span) => [span.name, span.attributes['error.type']])).toEqual([
      ['eventsource.repository.save', 'ES_CONCURRENCY'],
      ['eventsource.event_store.append_events', 'ES_CONCURRENCY'],
    ]);
    expect(failed[0]?.events.map((event) => event.name)).toEqual(['exception']);
    expect(await recorder.total('eventsource.append.conflicts', { 'eventsource.aggregate.type': 'Task' })).toBe(1);
    expect(await recorder.total('eventsource.retries', { 'eventsource.aggregate.type': 'Task' })).toBe(1);
  });

  test('an aggregate that is not there is an error of its load', async () => {
    const { tasks } = setUp();
    await tasks.load('t-9').catch(() => undefined);

    expect(recorder.span('eventsource.repository.load')).toMatchObject({
      status: { code: 'ERROR' },
      attributes: { 'error.type': 'ES_AGGREGATE_NOT_FOUND' },
    });
  });

  test('how many events were replayed, in events and with its buckets', async () => {
    const { tasks } = setUp();
    await tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });
    await tasks.load('t-1');

    expect(await recorder.metric('eventsource.repository.events_replayed')).toMatchObject({
      unit: '{event}',
      points: [{ attributes: { 'eventsource.aggregate.type': 'Task' } }],
    });
  });

  test('class aggregates and deciders tell the same', async () => {
    const first = setUp();
    await first.tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });
    const ofClass = shape();
    await recorder.reset();
    const { eventStore, snapshots } = setUp();
    await createCommandHandler({ eventStore, snapshots, decider: taskDecider }).handle('t-1', { do: 'create', title: 'x' });

    expect(shape()).toBe(ofClass);
  });

  test('the trace context stored with an event is that of the span that appended it', async () => {
    const { tasks, eventStore } = setUp();
    await createTracing('a-service').span('outer', () => tasks.update('t-1', (task) => void task.create('x'), { orCreate: true }));
    const append = recorder.span('eventsource.event_store.append_events');
    const [event] = await eventStore.readAll().toArray();

    expect(event?.traceparent).toBe(`00-${append.traceId}-${append.spanId}-01`);
    expect(append.traceId).toBe(recorder.span('outer').traceId);
  });

  test('nothing of a component whose switches are off, and the spans inside then belong to the caller', async () => {
    const eventStore = new InMemoryEventStore({ metrics: false });
    const tasks = new AggregateRepository({ eventStore, aggregate: Task, tracing: false, metrics: false });
    await createTracing('a-service').span('outer', () => tasks.update('t-1', (task) => void task.create('x'), { orCreate: true }));

    expect(shape().trim().split('\n')).toEqual([
      'outer',
      '  eventsource.event_store.get_events',
      '  eventsource.event_store.append_events',
    ]);
    expect(await recorder.metrics()).toEqual([]);
  });

  test('an SDK that is registered after the components were built', async () => {
    recorder.stop();
    const { tasks } = setUp();
    recorder = createTelemetryRecorder();
    await tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });

    expect(recorder.spans('eventsource.repository.save')).toHaveLength(1);
    expect(await recorder.total('eventsource.events.appended')).toBe(1);
  });
});

describe('with an SDK that samples nothing', () => {
  test('events still carry the trace context of their append, marked as not sampled', async () => {
    recorder.stop();
    recorder = createTelemetryRecorder({ sampled: false });
    const { tasks, eventStore } = setUp();
    await tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });
    const [event] = await eventStore.readAll().toArray();

    expect(recorder.spans()).toEqual([]);
    expect(event?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});
