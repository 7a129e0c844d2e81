import { createTracing, currentTraceContext, getLogger, SpanKind } from '@es/otel';
import { createTelemetryRecorder } from '@es/testing';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { InMemoryDeadLetterStore } from '../dead-letter/in-memory-dead-letter-store.ts';
import { BaseEventBus } from './base-event-bus.ts';
import { atOnce, eventOf, gate, TaskCompleted, TaskCreated } from './bus.fixture.ts';
import type { EventBusOptions } from './event-bus-options.ts';
import { ALL_EVENTS } from './event-selector.ts';
import { TestTransport } from './test-transport.fixture.ts';

beforeAll(() => getLogger('test.bus').setLevel('silent'));

const setUp = (options: EventBusOptions = {}) => {
  const transport = new TestTransport();
  return { transport, bus: new BaseEventBus(transport, { retry: atOnce, ...options }) };
};

const event = eventOf(TaskCreated.create({ title: 'x' }));

describe('a message from a broker', () => {
  test('may be acknowledged once its handlers have succeeded, not before', async () => {
    const { transport, bus } = setUp();
    const release = gate();
    const acknowledged = vi.fn();
    const handler = vi.fn(() => release.opened);
    bus.subscribe(TaskCreated, handler, { name: 'h' });
    await bus.startConsuming();
    const settled = transport.deliver(JSON.stringify(event)).then(acknowledged);
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    expect(acknowledged).not.toHaveBeenCalled();
    release.open();
    await settled;
    await bus.stop();
  });

  test('is handled only after the transport was given its promise', async () => {
    const { transport, bus } = setUp();
    let isKnown = false;
    const handler = vi.fn(() => expect(isKnown).toBe(true));
    bus.subscribe(TaskCreated, handler, { name: 'h' });
    await bus.startConsuming();
    const settled = transport.receive({ route: { destination: 'TaskCreated' }, headers: {}, body: JSON.stringify(event) });
    isKnown = true;
    await settled;
    expect(handler).toHaveBeenCalledOnce();
    expect(await bus.deadLetters.count()).toBe(0);
    await bus.stop();
  });

  test('may be acknowledged once its dead letter is confirmed, not before', async () => {
    const deadLetters = new InMemoryDeadLetterStore();
    const confirm = gate();
    const add = vi.spyOn(deadLetters, 'add').mockImplementation(() => confirm.opened);
    const { transport, bus } = setUp({ deadLetters });
    bus.subscribe(TaskCreated, () => Promise.reject(new Error('no')), { name: 'h' });
    await bus.startConsuming();
    const acknowledged = vi.fn();
    const settled = transport.deliver(JSON.stringify(event)).then(acknowledged);
    await vi.waitFor(() => expect(add).toHaveBeenCalled());
    expect(acknowledged).not.toHaveBeenCalled();
    confirm.open();
    await settled;
    await bus.stop();
  });

  test('is not acknowledged when the bus stops before that', async () => {
    const { transport, bus } = setUp({ retry: { maxAttempts: 2, initialDelayMs: 60_000, maxDelayMs: 60_000, jitter: 'none' } });
    const handler = vi.fn(() => Promise.reject(new Error('no')));
    bus.subscribe(TaskCreated, handler, { name: 'h' });
    await bus.startConsuming();
    const refused = expect(transport.deliver(JSON.stringify(event))).rejects.toMatchObject({ code: 'ES_ABORTED' });
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    expect(await bus.stop({ deadlineMs: 0 })).toEqual({ unfinished: 1 });
    await refused;
    expect(await bus.deadLetters.count()).toBe(0);
    expect(transport.calls).toEqual(['start', 'pause', 'close']);
  });

  test('that holds no event is a dead letter at once, as it came, and can be replayed by newer code', async () => {
    const { transport, bus } = setUp({ retry: { maxAttempts: 5, initialDelayMs: 60_000 } });
    await bus.startConsuming();
    const headers = { 'content-type': 'odd' };
    await transport.deliver(Uint8Array.of(0xff, 0x01), headers);
    await transport.deliver('secret?', headers);
    const letters = await bus.deadLetters.list();
    expect(letters).toMatchObject([
      { content: { kind: 'raw', encoding: 'base64', body: '/wE=' } },
      {
        source: 'mailers',
        destination: 'TaskCreated',
        headers,
        content: { kind: 'raw', encoding: 'utf8', body: 'secret?' },
        reason: 'undecodable',
        error: { code: 'ES_UNDECODABLE_MESSAGE', message: 'A message from TaskCreated holds no event: it starts with something odd.' },
        attempts: 1,
      },
    ]);
    const id = letters[1]?.id ?? '';
    expect(await bus.replayDeadLetter(id)).toMatchObject({ status: 'failed', letters: [{ id, attempts: 2 }] });

    const handler = vi.fn();
    bus.subscribe(TaskCreated, handler, { name: 'h' });
    vi.spyOn(transport, 'decode').mockReturnValue(event);
    expect(await bus.replayDeadLetter(id)).toEqual({ status: 'handled' });
    expect(handler).toHaveBeenCalledWith(event, expect.objectContaining({ attempt: 1 }));
    await bus.stop();
  });

  test('of a type that nobody wants is done', async () => {
    const { transport, bus } = setUp();
    await bus.startConsuming();
    await transport.deliver(JSON.stringify(event));
    expect(await bus.deadLetters.count()).toBe(0);
    await bus.stop();
  });

  test('of a type that the bus ought to know is a dead letter', async () => {
    const { transport, bus } = setUp({ events: [TaskCompleted] });
    bus.subscribe(ALL_EVENTS, () => undefined);
    await bus.startConsuming();
    await transport.deliver(JSON.stringify(event));
    expect(await bus.deadLetters.list()).toMatchObject([
      { reason: 'undecodable', error: { code: 'ES_UNKNOWN_EVENT_TYPE' }, content: { kind: 'event', event } },
    ]);
    await bus.stop();
  });
});

describe('starting', () => {
  test('that failed can be tried again', async () => {
    const { transport, bus } = setUp();
    vi.spyOn(transport, 'start').mockRejectedValueOnce(new Error('no broker'));
    await expect(bus.startConsuming()).rejects.toThrow('no broker');
    await bus.startConsuming();
    expect(transport.calls).toEqual(['start']);
    await bus.stop();
  });

  test('twice at the same time happens once', async () => {
    const { transport, bus } = setUp();
    await Promise.all([bus.startConsuming(), bus.startConsuming()]);
    expect(transport.calls).toEqual(['start']);
    await bus.stop();
  });
});

test('stopping lets go of the transport and tells the handlers also when the transport can not pause', async () => {
  const { transport, bus } = setUp();
  const signals: AbortSignal[] = [];
  bus.subscribe(TaskCreated, (_event, { signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  await bus.startConsuming();
  void transport.deliver(JSON.stringify(event));
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  vi.spyOn(transport, 'pause').mockRejectedValueOnce(new Error('broken'));
  await expect(bus.stop()).rejects.toThrow('broken');
  expect(transport.calls).toEqual(['start', 'close']);
  expect(signals[0]?.aborted).toBe(true);
});

describe('telemetry over a transport', () => {
  test('does not put the transport into the span around startConsuming', async () => {
    const recorder = createTelemetryRecorder();
    try {
      const { transport, bus } = setUp();
      const contexts: unknown[] = [];
      vi.spyOn(transport, 'start').mockImplementation(async () => {
        contexts.push(currentTraceContext());
      });
      await createTracing('app').span('start-up', () => bus.startConsuming());
      expect(contexts).toEqual([undefined]);
      await bus.stop();
    } finally {
      recorder.stop();
    }
  });

  test('names spans and metrics as the transport says', async () => {
    const recorder = createTelemetryRecorder();
    try {
      const { transport, bus } = setUp();
      bus.subscribe(TaskCreated, () => undefined, { name: 'h' });
      await bus.startConsuming();
      await bus.publish([event]);
      await transport.deliver(JSON.stringify(event), { ...transport.sent[0]?.headers });
      await bus.stop();

      const broker = { 'messaging.system': 'test', 'server.address': 'broker', 'messaging.destination.name': 'TaskCreated' };
      expect(recorder.span('send TaskCreated')).toMatchObject({
        kind: SpanKind[SpanKind.PRODUCER],
        scope: { name: 'test-bus', version: '1.2.3' },
        attributes: { ...broker, 'messaging.operation.name': 'send', 'messaging.operation.type': 'send', 'test.key': 'task-1' },
      });
      const processing = {
        ...broker,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.consumer.group.name': 'mailers',
      };
      expect(recorder.span('process TaskCreated').attributes).toMatchObject({ ...processing, 'test.partition': 3 });
      expect((await recorder.metric('messaging.client.consumed.messages')).points).toEqual([{ attributes: processing, value: 1 }]);
    } finally {
      recorder.stop();
    }
  });

  test('names no destination for a batch that goes to several', async () => {
    const recorder = createTelemetryRecorder();
    try {
      const { transport, bus } = setUp();
      await bus.publish([event, eventOf(TaskCompleted.create(), { version: 2 })]);
      const span = recorder.span('send');
      expect(span.attributes).not.toHaveProperty('messaging.destination.name');
      expect(transport.sent.map(({ headers }) => headers['traceparent'])).toEqual(Array(2).fill(`00-${span.traceId}-${span.spanId}-01`));
      await bus.stop();
    } finally {
      recorder.stop();
    }
  });

  test('a publish that the broker refuses fails span and metrics alike', async () => {
    const recorder = createTelemetryRecorder();
    try {
      const { transport, bus } = setUp();
      vi.spyOn(transport, 'send').mockRejectedValueOnce(Object.assign(new Error('refused'), { code: 'E_REFUSED' }));
      await expect(bus.publish([event])).rejects.toThrow('refused');
      expect(recorder.span('send TaskCreated')).toMatchObject({
        status: { code: 'ERROR', message: 'refused' },
        attributes: { 'error.type': 'E_REFUSED' },
      });
      expect(await recorder.total('messaging.client.sent.messages', { 'error.type': 'E_REFUSED' })).toBe(1);
      expect((await recorder.metric('messaging.client.operation.duration')).points).toMatchObject([
        { attributes: { 'error.type': 'E_REFUSED' }, distribution: { count: 1 } },
      ]);
      await bus.stop();
    } finally {
      recorder.stop();
    }
  });
});
