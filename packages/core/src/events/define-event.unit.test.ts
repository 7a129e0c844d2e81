import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { type DomainEvent, defineEvent, type EventOf, type NoData } from '../index.ts';

const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title: z.string(), priority: z.number().default(3) }) });
const TaskCompleted = defineEvent('TaskCompleted');
const TaskRenamed = defineEvent('TaskRenamed', { schema: v.object({ title: v.pipe(v.string(), v.minLength(1, 'must not be empty')) }) });

describe('defineEvent', () => {
  test('makes validated, frozen drafts with an id, a time and the schema version', () => {
    const draft = TaskCreated.create({ title: 'Learn' });

    expect(draft).toMatchObject({ type: 'TaskCreated', schemaVersion: 1, data: { title: 'Learn', priority: 3 }, metadata: {} });
    expect(draft.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Date(draft.occurredAt).toISOString()).toBe(draft.occurredAt);
    expect(Object.isFrozen(draft)).toBe(true);
    expect(Object.isFrozen(draft.data)).toBe(true);
  });

  test('takes id, time, metadata and tags from the caller', () => {
    const draft = TaskCompleted.create(
      {},
      { id: 'my-id', occurredAt: '2024-02-29T12:00:00+02:00', metadata: { source: 'import' }, tags: ['a', 'b', 'a'] },
    );

    expect(draft).toMatchObject({ id: 'my-id', occurredAt: '2024-02-29T10:00:00.000Z', metadata: { source: 'import' }, tags: ['a', 'b'] });
  });

  test.each([
    ['zod', () => TaskCreated.create({ title: 7 } as never), { path: 'title', message: /string/ }],
    ['valibot', () => TaskRenamed.create({ title: '' }), { path: 'title', message: /must not be empty/ }],
  ])('names type, id and field when data fails a %s schema', (_library, create, issue) => {
    expect(create).toThrow(
      expect.objectContaining({
        code: 'ES_INVALID_EVENT_DATA',
        eventId: expect.any(String),
        issues: [{ path: issue.path, message: expect.stringMatching(issue.message) }],
      }),
    );
  });

  test('refuses data for an event that is defined without a schema', () => {
    expect(() => TaskCompleted.create({ note: 'x' } as never)).toThrow(expect.objectContaining({ code: 'ES_INVALID_EVENT_DATA' }));
  });

  test('refuses a schema that validates asynchronously', () => {
    const Slow = defineEvent('Slow', { schema: z.object({ name: z.string().refine(async () => false) }) });

    expect(() => Slow.create({ name: 'x' })).toThrow(/asynchronous/);
  });

  test.each([
    ['an empty type', () => defineEvent('')],
    ['a version below 1', () => defineEvent('X', { schemaVersion: 0 })],
    ['a missing step', () => defineEvent('X', { schemaVersion: 4, upcast: { 1: (data) => data, 3: (data) => data } })],
    ['a step that leads nowhere', () => defineEvent('X', { schemaVersion: 2, upcast: { 1: (data) => data, 2: (data) => data } })],
    ['a step from version 0', () => defineEvent('X', { schemaVersion: 2, upcast: { 0: (data) => data, 1: (data) => data } })],
  ])('refuses %s', (_what, define) => {
    expect(define).toThrow(expect.objectContaining({ code: 'ES_EVENT_DEFINITION' }));
  });

  test('infers the types of data and narrows events', () => {
    type TaskEvent = EventOf<typeof TaskCreated | typeof TaskCompleted | typeof TaskRenamed>;
    const handle = (event: TaskEvent): void => {
      if (event.type === 'TaskCreated') expectTypeOf(event.data).toEqualTypeOf<{ title: string; priority: number }>();
      if (event.type === 'TaskCompleted') expectTypeOf(event.data).toEqualTypeOf<NoData>();
      if (event.type === 'TaskRenamed') expectTypeOf(event.data).toEqualTypeOf<{ title: string }>();
    };
    expectTypeOf(handle).parameter(0).toExtend<DomainEvent>();
    expectTypeOf(TaskCreated.create).parameter(0).toEqualTypeOf<{ title: string; priority?: number | undefined }>();
    expectTypeOf(TaskCreated.type).toEqualTypeOf<'TaskCreated'>();
  });
});
