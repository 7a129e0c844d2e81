import type { DraftOf } from '@es/core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { givenAggregate } from './given-aggregate.ts';
import type { DraftFor } from './scenario-events.ts';
import { Task, TaskCompleted, TaskCreated, type TaskDefinition, TaskError, TaskRenamed, type TaskState } from './task.fixture.ts';

const created = TaskCreated.create({ title: 'Learn' });
const renamed = (title: string) => TaskRenamed.create({ title }, { metadata: { by: 'me' }, tags: ['renamed'] });

describe('given an aggregate', () => {
  test('a new one raises its first event', () => {
    givenAggregate(Task, [], { id: 't-1' })
      .when((task) => task.create('Learn'))
      .thenEvents(TaskCreated.create({ title: 'Learn' }))
      .thenState({ id: 't-1', title: 'Learn', completed: false });
  });

  test('with a history it raises only what is new, at the next version', () => {
    givenAggregate(Task, [created, renamed('Build')])
      .when((task) => {
        expect([task.version, task.state.title]).toEqual([2, 'Build']);
        task.complete();
      })
      .thenEvents(TaskCompleted.create());
  });

  test('nothing happens where nothing is raised', () => {
    givenAggregate(Task, [created, TaskCompleted.create()])
      .when((task) => task.complete())
      .thenEvents();
  });

  test('every action starts from the history', () => {
    const task = givenAggregate(Task, [created]);
    task.when((one) => one.complete()).thenEvents(TaskCompleted.create());
    task.when((one) => one.complete()).thenEvents(TaskCompleted.create());
  });

  test('a refusal is matched by code, message, class or function', () => {
    const outcome = givenAggregate(Task, [created, TaskCompleted.create()], { id: 't-1' }).when((task) => task.rename('x'));
    outcome.thenThrows('TASK_COMPLETED');
    outcome.thenThrows(/Task t-1 is completed/);
    outcome.thenThrows(TaskError);
    outcome.thenThrows({ matches: (error) => error instanceof TaskError && error.code === 'TASK_COMPLETED' });
  });

  test('what is asynchronous is awaited, or refused', async () => {
    const task = givenAggregate(Task, [created]);
    (await task.whenAsync((one) => one.renameLater('Build'))).thenEvents(renamed('Build'));
    (await givenAggregate(Task, [created, TaskCompleted.create()]).whenAsync((one) => one.renameLater('x'))).thenThrows('TASK_COMPLETED');
    expect(() => task.when((one) => one.renameLater('Build'))).toThrow(/whenAsync/);
  });

  test('drafts and state have the types of the aggregate', () => {
    const outcome = givenAggregate(Task, [created]).when((task) => {
      expectTypeOf(task).toEqualTypeOf<Task>();
      task.complete();
    });
    expectTypeOf(outcome.thenState).parameter(0).toEqualTypeOf<TaskState>();
    expectTypeOf<DraftFor<Task['pendingEvents'][number]>>().toEqualTypeOf<DraftOf<TaskDefinition>>();
  });
});

describe('says what is wrong', () => {
  const outcome = givenAggregate(Task, [created]).when((task) => task.rename('a', 'b'));
  const failure = givenAggregate(Task, [created, TaskCompleted.create()], { id: 't-1' }).when((task) => task.rename('x'));

  test.each([
    ['another event', () => outcome.thenEvents(TaskCompleted.create())],
    ['one event too few', () => outcome.thenEvents(renamed('a'))],
    ['one event too many', () => outcome.thenEvents(renamed('a'), renamed('b'), renamed('c'))],
    ['another order', () => outcome.thenEvents(renamed('b'), renamed('a'))],
    ['other data', () => outcome.thenEvents(renamed('a'), renamed('c'))],
    ['other metadata', () => outcome.thenEvents(renamed('a'), TaskRenamed.create({ title: 'b' }, { tags: ['renamed'] }))],
    ['other tags', () => outcome.thenEvents(renamed('a'), TaskRenamed.create({ title: 'b' }, { metadata: { by: 'me' } }))],
    ['no events', () => outcome.thenEvents()],
    ['another state', () => outcome.thenState({ id: '', title: 'b', completed: false })],
  ])('%s', (_what, check) => {
    expect(check).toThrow(expect.objectContaining({ code: 'ERR_ASSERTION' }));
  });

  test('shows the difference without ids and times', () => {
    const message = (() => {
      try {
        outcome.thenEvents(renamed('a'), renamed('c'));
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    expect(message).toMatch(/\+ +title: 'b'\n- +title: 'c'/);
    expect(message).not.toMatch(/occurredAt|id:/);
  });

  test('success where an error is expected, and the reverse', () => {
    expect(() => outcome.thenThrows('X')).toThrow(
      'Expected an error with the code X, but it succeeded with the events TaskRenamed, TaskRenamed.',
    );
    expect(() => failure.thenEvents(TaskCompleted.create())).toThrow(
      'Expected events TaskCompleted, but it failed with Error TASK_COMPLETED: Task t-1 is completed.',
    );
    expect(() => failure.thenState({ id: '', title: '', completed: true })).toThrow('but it failed with');
  });

  test.each([
    ['code', 'OTHER', 'Expected an error with the code OTHER, but it failed with Error TASK_COMPLETED: Task t-1 is completed.'],
    ['message', /other/, 'Expected an error with a message like /other/'],
    ['class', TypeError, 'Expected an error of the class TypeError'],
    ['nature', { matches: () => false }, 'Expected an error that the matcher accepts'],
  ])('an error of another %s', (_what, matcher, message) => {
    expect(() => failure.thenThrows(matcher)).toThrow(message);
  });
});
