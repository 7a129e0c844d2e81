import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryEventStore } from '@es/core';
import {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_DB_SYSTEM,
  ATTR_ERROR_TYPE,
  ATTR_EVENT_COUNT,
  ATTR_EVENT_TYPE,
  ATTR_EVENTS_REPLAYED,
  ATTR_VERSION,
} from '@es/otel';
import { SqliteEventStore } from '@es/store-sqlite';
import { createTelemetryRecorder } from '@es/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { grpcReceiver, httpReceiver } from './receiver.fixture.ts';
import { runFile } from './run.fixture.ts';
import { taskStory } from './story.ts';
import { runTutorial } from './tutorial.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'es-task-tracker-'));
  file = join(folder, 'tasks.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the story of a task on SQLite', () => {
  test('is one trace: service over repository over event store, with the conflict and its retry', async () => {
    using recorder = createTelemetryRecorder();
    const told: string[] = [];
    await taskStory(
      () => new SqliteEventStore({ path: file }),
      (what, how) => told.push(`${what}: ${how}`),
    );

    expect(recorder.treeText({ attributes: [ATTR_EVENT_TYPE, ATTR_VERSION, ATTR_EVENTS_REPLAYED, 'channel'] }).split('\n')).toEqual([
      'task_tracker.story',
      '  task_service.create_task',
      '    eventsource.repository.save eventsource.version=1',
      '      eventsource.event_store.append_events eventsource.event.type=TaskCreated eventsource.version=1',
      '  task_service.rename_task eventsource.version=2',
      '    eventsource.repository.load eventsource.version=1 eventsource.events.replayed=1',
      '      eventsource.event_store.get_events',
      '    eventsource.repository.save eventsource.version=2',
      '      eventsource.event_store.append_events eventsource.event.type=TaskRenamed eventsource.version=2',
      '  task_service.complete_task eventsource.version=3',
      '    eventsource.repository.load eventsource.version=1 eventsource.events.replayed=1',
      '      eventsource.event_store.get_events',
      '    eventsource.repository.save ERROR ES_CONCURRENCY',
      '      eventsource.event_store.append_events eventsource.event.type=TaskCompleted ERROR ES_CONCURRENCY',
      '    eventsource.repository.load eventsource.version=2 eventsource.events.replayed=2',
      '      eventsource.event_store.get_events',
      '    eventsource.repository.save eventsource.version=3',
      '      eventsource.event_store.append_events eventsource.event.type=TaskCompleted eventsource.version=3',
      '  notification_service.send_email channel=email',
      '  task_service.get_task',
      '    eventsource.repository.load eventsource.version=3 eventsource.events.replayed=3',
      '      eventsource.event_store.get_events',
      '  eventsource.event_store.read_all',
    ]);
    expect(new Set(recorder.spans().map(({ traceId }) => traceId)).size).toBe(1);
    expect(recorder.openSpans()).toEqual([]);
    for (const span of recorder.spans().filter(({ name }) => name.startsWith('eventsource.event_store.'))) {
      expect(span).toMatchObject({ kind: 'INTERNAL', scope: { name: '@es/store-sqlite' }, attributes: { [ATTR_DB_SYSTEM]: 'sqlite' } });
    }
    expect(await recorder.total('eventsource.append.conflicts')).toBe(1);
    expect(told).toEqual([
      'created: “Learn OpenTelemetry”, version 1',
      'renamed: version 2',
      'completed: at the same moment: met a version conflict, was tried again, version 3',
      'told: ana@example.org: your task is done',
      'reloaded: “Learn OpenTelemetry by doing”, completed, from its 3 events after the store was closed and opened again',
      'counted: 1 created and 1 completed, by all events in the store',
    ]);
  });

  test('is what the demo shows, again and again on the same file', async () => {
    const first = await runFile('demo.ts', ['--file', file]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('✓ completed at the same moment: met a version conflict, was tried again, version 3\n');
    expect(first.stdout).toMatch(
      /\n├─ task_service\.create_task {2}[\d.]+ ms\n│ {2}└─ eventsource\.repository\.save {2}[\d.]+ ms {2}expected_version=no-stream version=1\n/,
    );
    expect(first.stdout).toMatch(/append_events {2}[\d.]+ ms {2}✗ ES_CONCURRENCY {2}event\.type=TaskCompleted/);
    expect(first.stdout.trimEnd().split('\n').at(-1)).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 npm run demo');
    const second = await runFile('demo.ts', ['--file', file]);
    expect(second.stdout).toContain('✓ counted   2 created and 2 completed, by all events in the store\n');
  });

  test('goes to an OTLP receiver too when the environment names one', async () => {
    await using receiver = await httpReceiver();
    const { code, stdout } = await runFile('demo.ts', ['--file', file], { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    expect(code).toBe(0);
    expect(stdout).toContain(`Sent to ${receiver.url} too.`);
    const body = receiver.received
      .filter(({ path }) => path === '/v1/traces')
      .map((request) => request.body)
      .join('');
    for (const name of ['task-tracker', 'task_service.create_task', 'eventsource.event_store.append_events']) expect(body).toContain(name);
  });

  test('is told also where nobody takes the trace', async () => {
    const receiver = await httpReceiver();
    await receiver[Symbol.asyncDispose]();
    const { code, stdout } = await runFile('demo.ts', ['--file', file], {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('✓ counted');
    expect(stdout).toContain('Telemetry could not be delivered');
  });
});

describe('the tutorial', () => {
  test('makes the spans of every section', async () => {
    using recorder = createTelemetryRecorder();
    const said: string[] = [];
    await runTutorial(new InMemoryEventStore(), (line) => said.push(line.trim()));

    expect(said).toEqual(
      expect.arrayContaining([
        'Task loaded: Learn OpenTelemetry',
        'Completed: Build observability, version 2',
        "ATTR_AGGREGATE_ID   = 'eventsource.aggregate.id'",
        'This line was said inside a span with two of them.',
        'Completed: Write it in functions, version 2',
        'Tasks: 3 created, 2 completed',
      ]),
    );
    expect(recorder.tree().map(({ span }) => span.name)).toEqual([
      'eventsource.repository.save',
      'eventsource.repository.load',
      'task_service.create_task',
      'task_service.complete_task',
      'task_service.get_task',
      'notification_service.send_email',
      'notification_service.send_sms',
      'process_event',
      ...['load', 'save', 'load', 'save'].map((operation) => `eventsource.repository.${operation}`),
      'eventsource.event_store.read_all',
      ...Array.from({ length: 5 }, () => 'eventsource.projection.handle'),
    ]);

    const created = recorder.span('task_service.create_task');
    expect(created).toMatchObject({
      scope: { name: 'task-tracker' },
      attributes: { 'task.title': 'Build observability', [ATTR_AGGREGATE_TYPE]: 'Task', [ATTR_EVENT_COUNT]: 1 },
    });
    const [save] = recorder.children(created);
    expect(save).toMatchObject({
      name: 'eventsource.repository.save',
      attributes: { [ATTR_AGGREGATE_ID]: created.attributes[ATTR_AGGREGATE_ID] },
    });
    expect(recorder.span('notification_service.send_email').attributes).toEqual({ channel: 'email' });
    expect(recorder.span('notification_service.send_sms').attributes).toEqual({ channel: 'sms' });
    expect(recorder.spans().filter(({ attributes }) => attributes[ATTR_ERROR_TYPE] !== undefined)).toEqual([]);

    const writers = recorder.spans('eventsource.event_store.append_events').map(({ traceId, spanId }) => ({ traceId, spanId }));
    const handled = recorder.spans('eventsource.projection.handle');
    for (const { links } of handled) expect(writers).toContainEqual({ traceId: links[0]?.traceId, spanId: links[0]?.spanId });
  });

  test('makes no span where tracing is switched off', async () => {
    const said: string[] = [];
    await runTutorial(new InMemoryEventStore(), (line) => said.push(line));
    expect(said).toContain('Nobody records spans here.');
  });
});

describe('the export set-ups', () => {
  const start = (args: string[], environment?: Record<string, string>) => runFile('main.ts', args, environment);

  test('jaeger and tempo send OTLP over gRPC', async () => {
    for (const name of ['jaeger', 'tempo']) {
      await using receiver = await grpcReceiver();
      expect(await start(['--export', name, '--url', receiver.url])).toMatchObject({ code: 0, stderr: '' });
      expect(new Set(receiver.received.map(({ path }) => path))).toEqual(
        new Set(['/opentelemetry.proto.collector.trace.v1.TraceService/Export']),
      );
      expect(receiver.received.map(({ body }) => body).join('')).toContain('task_service.complete_task');
    }
  });

  test('honeycomb sends OTLP over HTTP with its key', async () => {
    await using receiver = await httpReceiver();
    expect(await start(['--export', 'honeycomb', '--url', receiver.url], { HONEYCOMB_API_KEY: 'a-key' })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(receiver.received[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-honeycomb-team': 'a-key' } });
    expect(receiver.received.map(({ body }) => body).join('')).toContain('notification_service.send_sms');
  });

  test('zipkin sends its JSON', async () => {
    await using receiver = await httpReceiver();
    expect(await start(['--export', 'zipkin', '--url', receiver.url])).toMatchObject({ code: 0, stderr: '' });
    expect(receiver.received[0]?.path).toBe('/api/v2/spans');
    const spans = receiver.received.flatMap(({ body }) => JSON.parse(body) as { name: string; id: string; parentId?: string }[]);
    const created = spans.find(({ name }) => name === 'task_service.create_task');
    expect(spans).toContainEqual(expect.objectContaining({ name: 'eventsource.repository.save', parentId: created?.id }));
  });

  test('console and tree print', async () => {
    const printed = await start(['--export', 'console']);
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(printed.stdout).toContain("name: 'task_service.create_task'");
    const tree = await start([]);
    expect(tree.stdout).toMatch(/\ntask_service\.create_task {2}[\d.]+ ms {2}aggregate\.id=/);
  });

  test('the environment decides where no set-up is named', async () => {
    await using receiver = await httpReceiver();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SERVICE_NAME: 'tasks-of-ana' };
    expect(await start([], environment)).toMatchObject({ code: 0, stderr: '' });
    const traces = receiver.received
      .filter(({ path }) => path === '/v1/traces')
      .map(({ body }) => body)
      .join('');
    expect(traces).toContain('tasks-of-ana');
    expect(traces).toContain('task_service.get_task');
  });

  test('say in one line what is wrong with a call', async () => {
    expect(await start(['--export', 'carrier-pigeon'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no export "carrier-pigeon"; choose one of tree, console, jaeger, tempo, honeycomb, zipkin, environment.\n',
    });
    expect(await start(['--export', 'honeycomb'], { HONEYCOMB_API_KEY: '' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Set HONEYCOMB_API_KEY to your key first.\n',
    });
  });
});
