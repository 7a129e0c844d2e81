import { configureLogging, createTracing, currentTraceContext, getLogger, type LogRecord, type TraceContextFields } from '@es/otel';
import { createTelemetryRecorder, type RecordedSpan, type TelemetryRecorder } from '@es/testing';
import { context, propagation } from '@opentelemetry/api';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DomainEvent } from '../events/event.ts';
import { atOnce, eventOf, numbered, TaskCreated } from './bus.fixture.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';
import { names, run } from './traced-run.fixture.ts';

const log: LogRecord[] = [];
beforeAll(() => {
  configureLogging({ destination: { write: (record) => log.push(record) } });
  getLogger('eventsource.bus').setLevel('warn');
});

let recorder: TelemetryRecorder;
beforeEach(() => {
  recorder = createTelemetryRecorder();
});
afterEach(() => {
  recorder.stop();
  log.length = 0;
});

const app = createTracing('app');
const stored = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const created = (aggregateId = 'task-1'): DomainEvent => eventOf(TaskCreated.create({ title: 'x' }), { aggregateId });
const place = ({ traceId, spanId }: RecordedSpan) => ({ traceId, spanId });

describe('the trace of an event', () => {
  test('leads from the producer to the handler', async () => {
    await app.span('request', () => run([created()], () => app.span('work', async () => undefined)));
    expect(recorder.treeText()).toBe(
      [
        'request',
        '  eventsource.event_bus.publish PRODUCER',
        '    process events CONSUMER',
        '      eventsource.event_bus.dispatch',
        '        eventsource.event_bus.handle',
        '          work',
      ].join('\n'),
    );
    expect(recorder.openSpans()).toEqual([]);
  });

  test('begins with the producer where nothing is around it', async () => {
    await run([created()], () => undefined);
    expect(recorder.span(names.publish).parentSpanId).toBeUndefined();
    expect(recorder.span(names.process)).toMatchObject({
      traceId: recorder.span(names.publish).traceId,
      parentSpanId: recorder.span(names.publish).spanId,
    });
  });

  test('goes with every message of a batch', async () => {
    await run([...numbered('a', 2), ...numbered('b', 2)], () => undefined);
    const publish = recorder.span(names.publish);
    expect(recorder.spans(names.process).map(({ parentSpanId, traceId }) => ({ spanId: parentSpanId, traceId }))).toEqual(
      Array(4).fill(place(publish)),
    );
  });

  test('goes on unsampled', async () => {
    recorder.stop();
    recorder = createTelemetryRecorder({ sampled: false });
    let around: TraceContextFields | undefined;
    const inHandlers: (TraceContextFields | undefined)[] = [];
    await app.span('request', async () => {
      around = currentTraceContext();
      await run([created(), created('task-2')], () => inHandlers.push(currentTraceContext()));
    });
    const trace = around?.traceparent.slice(0, 36) ?? '';
    expect(trace).toMatch(/^00-[\da-f]{32}-$/);
    expect(inHandlers.map((context) => [context?.traceparent.startsWith(trace), context?.traceparent.slice(-2)])).toEqual([
      [true, '00'],
      [true, '00'],
    ]);
    expect(recorder.spans()).toEqual([]);
  });

  test('is current after every await of a handler', async () => {
    const seen: (TraceContextFields | undefined)[] = [];
    await run([created()], async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        seen.push(currentTraceContext());
        await new Promise(setImmediate);
      }
    });
    const { traceId, spanId } = recorder.span(names.handle);
    expect(seen).toEqual(Array(3).fill({ traceparent: `00-${traceId}-${spanId}-01` }));
  });

  test('has nothing of the span in which consuming was started, nor of one that publishes later', async () => {
    await using bus = new InMemoryEventBus({ retry: atOnce });
    bus.subscribe(TaskCreated, (_event, { attempt }) => {
      if (attempt === 1) throw new Error('again');
    });
    await app.span('start-up', () => bus.startConsuming());
    await bus.publish([created()]);
    await app.span('other', () => bus.publish([created('task-2')]));
    await bus.whenIdle();
    expect(recorder.children(recorder.span('start-up'))).toEqual([]);
    const [first, second] = recorder.spans(names.publish);
    expect(new Set(recorder.spans(names.process).map(({ traceId }) => traceId))).toEqual(new Set([first?.traceId, second?.traceId]));
    expect(first?.traceId).not.toBe(second?.traceId);
    expect(recorder.spans(names.process).map(({ parentSpanId }) => parentSpanId)).toEqual(
      [first, second, first, second].map((span) => span?.spanId),
    );
  });

  test('is linked to where the event was published and to where it was written', async () => {
    await run([{ ...created(), traceparent: `00-${stored.traceId}-${stored.spanId}-01` }], () => undefined);
    expect(recorder.span(names.process).links.map(({ traceId, spanId }) => ({ traceId, spanId }))).toEqual([
      place(recorder.span(names.publish)),
      stored,
    ]);
  });

  test('can be one of its own that only links', async () => {
    await app.span('request', () =>
      run([{ ...created(), traceparent: `00-${stored.traceId}-${stored.spanId}-01` }], () => undefined, { consumerSpans: 'linked' }),
    );
    const processing = recorder.span(names.process);
    expect(processing.parentSpanId).toBeUndefined();
    expect(processing.traceId).not.toBe(recorder.span(names.publish).traceId);
    expect(processing.links.map(({ traceId, spanId }) => ({ traceId, spanId }))).toEqual([place(recorder.span(names.publish)), stored]);
    expect(recorder.span(names.handle).traceId).toBe(processing.traceId);
  });

  test.each(['children', 'linked'] as const)('brings baggage along, with consumer spans %s', async (consumerSpans) => {
    const baggage = propagation.createBaggage({ user: { value: 'anna' } });
    const seen: (string | undefined)[] = [];
    await context.with(propagation.setBaggage(context.active(), baggage), () =>
      run([created()], () => seen.push(propagation.getActiveBaggage()?.getEntry('user')?.value), { consumerSpans }),
    );
    expect(seen).toEqual(['anna']);
  });

  test('shows each attempt, and the waits in between are in none', async () => {
    let attempts = 0;
    await run([created()], () => {
      attempts += 1;
      if (attempts < 3) throw Object.assign(new Error('no'), { code: 'E_NO' });
    });
    expect(recorder.treeText()).toBe(
      [
        'eventsource.event_bus.publish PRODUCER',
        ...Array(2)
          .fill([
            '  process events CONSUMER ERROR E_NO',
            '    eventsource.event_bus.dispatch ERROR E_NO',
            '      eventsource.event_bus.handle ERROR E_NO',
          ])
          .flat(),
        '  process events CONSUMER',
        '    eventsource.event_bus.dispatch',
        '      eventsource.event_bus.handle',
      ].join('\n'),
    );
  });

  test('is taken up by the replay of a dead letter, with a link to whoever asked for it', async () => {
    await using bus = new InMemoryEventBus({ retry: { maxAttempts: 1 } });
    bus.subscribe(
      TaskCreated,
      (_event, { attempt }) => {
        if (attempt === 1) throw new Error('no');
      },
      { name: 'mailer' },
    );
    await bus.startConsuming();
    await bus.publish([created()]);
    await bus.whenIdle();
    await app.span('repair', () => bus.replayDeadLetters());
    const [, replayed] = recorder.spans(names.process);
    const publish = recorder.span(names.publish);
    expect(replayed).toMatchObject({
      parentSpanId: publish.spanId,
      links: [place(publish), place(recorder.span('repair'))],
      status: { code: 'UNSET' },
    });
    expect(recorder.children(recorder.span('repair'))).toEqual([]);
  });

  test('reaches handlers also where the bus makes no spans itself', async () => {
    await app.span('request', () => run([created()], () => app.span('work', () => undefined), { tracing: false }));
    expect(recorder.treeText()).toBe('request\n  work');
  });
});

test('what a bus logs about a message belongs to its trace', async () => {
  await run([created()], () => Promise.reject(new Error('no')));
  expect(log.map(({ level }) => level)).toEqual(['warn', 'warn', 'error']);
  const attempts = recorder.spans(names.process);
  expect(log.map(({ fields }) => [fields['trace_id'], fields['span_id']])).toEqual(
    attempts.map(({ traceId, spanId }) => [traceId, spanId]),
  );
});

test('without an SDK all goes on as it should', async () => {
  recorder.stop();
  const seen: string[] = [];
  await run([created()], (event) => seen.push(event.type));
  expect(seen).toEqual(['TaskCreated']);
});
