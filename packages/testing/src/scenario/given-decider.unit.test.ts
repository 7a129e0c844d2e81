import { defineDecider, defineEvent } from '@es/core';
import { describe, expect, test } from 'vitest';
import { givenDecider } from './given-decider.ts';
import { TaskCompleted, TaskCreated, TaskRenamed, taskDecider } from './task.fixture.ts';

const created = TaskCreated.create({ title: 'Learn' });

describe('given a decider', () => {
  test('a command leads to events and a state', () => {
    givenDecider(taskDecider, [], { id: 't-1' })
      .when({ do: 'create', title: 'Learn' })
      .thenEvents(TaskCreated.create({ title: 'Learn' }), TaskRenamed.create({ title: 'Learn!' }))
      .thenState({ id: 't-1', title: 'Learn!', completed: false });
  });

  test('a command is decided by what happened before', () => {
    givenDecider(taskDecider, [created]).when({ do: 'complete' }).thenEvents(TaskCompleted.create());
    givenDecider(taskDecider, [created, TaskCompleted.create()]).when({ do: 'complete' }).thenEvents();
  });

  test('a command may be refused', () => {
    givenDecider(taskDecider).when({ do: 'complete' }).thenThrows('TASK_COMPLETED');
    expect(() => givenDecider(taskDecider).when({ do: 'complete' }).thenEvents()).toThrow('There is no such task.');
  });

  test('a decider may take its time, and is awaited then', async () => {
    const slow: typeof taskDecider = { ...taskDecider, decide: async (command, state) => taskDecider.decide(command, state) };
    (await givenDecider(slow, [created]).whenAsync({ do: 'complete' })).thenEvents(TaskCompleted.create());
    (await givenDecider(slow).whenAsync({ do: 'complete' })).thenThrows('TASK_COMPLETED');
    expect(() => givenDecider(slow, [created]).when({ do: 'complete' })).toThrow(/whenAsync/);
  });

  test('an event that the decider does not list is an error, as it could never be loaded', () => {
    const Foreign = defineEvent('Foreign');
    const careless = defineDecider<string, number, typeof Foreign>({
      type: 'Careless',
      events: [],
      initialState: () => 0,
      decide: () => Foreign.create(),
      evolve: (state) => state + 1,
    });
    givenDecider(careless).when('anything').thenThrows('ES_UNKNOWN_EVENT_TYPE');
  });
});
