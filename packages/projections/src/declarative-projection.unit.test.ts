import { currentMessageContext, defineEvent } from '@es/core';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DeclarativeProjection, type ProjectionOptions } from './declarative-projection.ts';
import { defineProjection } from './define-projection.ts';
import { on, type ProjectionContext } from './projection-handler.ts';
import { TaskArchived, TaskCompleted, TaskCounts, TaskCreated, taskEvent } from './tasks.fixture.ts';

const created = (title = 'x') => taskEvent(TaskCreated.create({ title }));

describe('a projection', () => {
  test('calls the handler of an event, as a class', async () => {
    const counts = new TaskCounts();
    await counts.handle(created('a'));
    await counts.handle(created('b'));
    await counts.handle(taskEvent(TaskCompleted.create()));
    expect(counts).toMatchObject({ name: 'TaskCounts', open: 1, completed: 1, titles: ['a', 'b'] });
  });

  test('and without a class of its own', async () => {
    const titles: string[] = [];
    const projection = defineProjection({ name: 'titles', handlers: [on(TaskCreated, (event) => titles.push(event.data.title))] });
    await projection.handle(created('a'));
    expect(titles).toEqual(['a']);
    expect(projection).toBeInstanceOf(DeclarativeProjection);
    expect(projection.name).toBe('titles');
  });

  test('calls all handlers of an event one after another, in the order of their declaration', async () => {
    const calls: string[] = [];
    const projection = defineProjection({
      name: 'p',
      handlers: [
        on([TaskCreated, TaskCompleted], async (event) => {
          calls.push(`both begin ${event.type}`);
          await Promise.resolve();
          calls.push('both end');
        }),
        on(TaskCreated, () => calls.push('one')),
      ],
    });
    await projection.handle(created());
    await projection.handle(taskEvent(TaskCompleted.create()));
    expect(calls).toEqual(['both begin TaskCreated', 'both end', 'one', 'both begin TaskCompleted', 'both end']);
  });

  test('names the events that it handles, each once', () => {
    expect(new TaskCounts().eventDefinitions).toEqual([TaskCreated, TaskCompleted]);
    const projection = defineProjection({ name: 'p', handlers: [on(TaskCreated, vi.fn()), on([TaskCreated, TaskArchived], vi.fn())] });
    expect(projection.eventDefinitions).toEqual([TaskCreated, TaskArchived]);
  });

  test('passes over events that no handler is for', async () => {
    await new TaskCounts().handle(taskEvent(TaskArchived.create()));
  });

  test('fails on them if asked to', async () => {
    const event = taskEvent(TaskArchived.create());
    await expect(new TaskCounts({ unhandled: 'error' }).handle(event)).rejects.toMatchObject({
      code: 'ES_PROJECTION_FAILED',
      projection: 'TaskCounts',
      handler: undefined,
      eventId: event.id,
      eventType: 'TaskArchived',
      message: expect.stringContaining(
        "no handler is for its type; declare one with on(), or let such events pass with unhandled: 'ignore'",
      ),
    });
  });

  test('gives handlers events as their definition says: upcast, validated, transformed', async () => {
    const Due = defineEvent('Due', {
      schemaVersion: 2,
      schema: z.object({ at: z.coerce.date() }),
      upcast: { 1: (data) => ({ at: data }) },
    });
    const dates: unknown[] = [];
    const projection = defineProjection({ name: 'p', handlers: [on(Due, (event) => dates.push(event.data.at))] });
    const stored = { ...Due.create({ at: '2026-05-01T10:00:00.000Z' }), schemaVersion: 1, data: '2026-05-01T10:00:00.000Z' };
    await projection.handle(taskEvent(stored));
    expect(dates).toEqual([new Date('2026-05-01T10:00:00.000Z')]);
  });

  test('tells handlers what its feed knows, in the message context of the event', async () => {
    const seen: [ProjectionContext, unknown][] = [];
    const projection = defineProjection({
      name: 'p',
      handlers: [
        on(TaskCreated, async (_event, context) => {
          await Promise.resolve();
          seen.push([context, currentMessageContext()]);
        }),
      ],
    });
    const { signal } = new AbortController();
    const event = created();
    await projection.handle(event);
    await projection.handle({ ...event, position: 7n } as typeof event, { attempt: 3, signal });
    const message = { correlationId: event.correlationId, causationId: event.id };
    expect(seen).toEqual([
      [{ attempt: 1, position: undefined, signal: expect.any(AbortSignal) }, message],
      [{ attempt: 3, position: 7n, signal }, message],
    ]);
    expect(seen[1]?.[0].signal).toBe(signal);
  });

  test('does nothing when its signal is aborted', async () => {
    const counts = new TaskCounts();
    await expect(counts.handle(created(), { signal: AbortSignal.abort('enough') })).rejects.toMatchObject({
      code: 'ES_ABORTED',
      cause: 'enough',
    });
    expect(counts.open).toBe(0);
  });
});

describe('a failure', () => {
  test('names projection, handler and event, and keeps the cause', async () => {
    const cause = new Error('disk full');
    const later = vi.fn();
    const projection = defineProjection({
      name: 'titles',
      handlers: [on(TaskCreated, () => Promise.reject(cause), { name: 'insert' }), on(TaskCreated, later, { name: 'later' })],
    });
    const event = { ...created(), position: 7n };
    const failure = await projection.handle(event).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'ProjectionError',
      code: 'ES_PROJECTION_FAILED',
      projection: 'titles',
      handler: 'insert',
      eventId: event.id,
      eventType: 'TaskCreated',
      position: 7n,
      message: `Projection titles failed in its handler insert on event ${event.id} (TaskCreated, version 1 of Task task-1 at position 7): disk full`,
    });
    expect(failure).toHaveProperty('cause', cause);
    expect(later).not.toHaveBeenCalled();
  });

  test('of a handler that throws anything is told', async () => {
    const projection = defineProjection({
      name: 'p',
      handlers: [on(TaskCreated, () => Promise.reject('a text'))],
    });
    await expect(projection.handle(created())).rejects.toMatchObject({ message: expect.stringMatching(/: a text$/), cause: 'a text' });
  });

  test('to decode names the event and no handler', async () => {
    await expect(new TaskCounts().handle({ ...created(), data: { title: 1 } })).rejects.toMatchObject({
      code: 'ES_PROJECTION_FAILED',
      handler: undefined,
      message: expect.stringContaining('title'),
      cause: { code: 'ES_INVALID_EVENT_DATA' },
    });
  });
});

describe('a declaration that can not be meant', () => {
  const invalid = expect.objectContaining({ code: 'ES_INVALID_ARGUMENT' });

  class Empty extends DeclarativeProjection {
    protected readonly handlers = [];
  }

  test('is refused at once by defineProjection', () => {
    expect(() => defineProjection({ name: '', handlers: [on(TaskCreated, vi.fn())] })).toThrow(invalid);
    expect(() => defineProjection({ name: 'p', handlers: [] })).toThrow(/Projection p has no handlers/);
    expect(() => defineProjection({ name: 'p', handlers: [on(TaskCreated, vi.fn()), on(TaskCreated, vi.fn())] })).toThrow(
      /two handlers named "TaskCreated"/,
    );
    const other = defineEvent('TaskCreated');
    const twice = [on(TaskCreated, vi.fn()), on(other, vi.fn(), { name: 'other' })];
    expect(() => defineProjection({ name: 'p', handlers: twice })).toThrow(expect.objectContaining({ code: 'ES_EVENT_DEFINITION' }));
  });

  test('is refused at its first use by a class', async () => {
    await expect(new Empty().handle(created())).rejects.toEqual(invalid);
    expect(
      () =>
        new (class extends TaskCounts {
          constructor(options: ProjectionOptions) {
            super(options);
          }
        })({ name: '' }),
    ).toThrow(invalid);
  });

  test('is refused by on', () => {
    expect(() => on([], vi.fn())).toThrow(invalid);
    expect(() => on(undefined as unknown as typeof TaskCreated, vi.fn())).toThrow(invalid);
    expect(() => on(TaskCreated, undefined as unknown as () => void)).toThrow(invalid);
  });
});
