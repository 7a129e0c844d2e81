import { AggregateRoot, type Decider, defineDecider, defineEvent, type EventOf } from '@es/core';
import { z } from 'zod';

export const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title: z.string() }) });
export const TaskRenamed = defineEvent('TaskRenamed', { schema: z.object({ title: z.string(), at: z.coerce.date().optional() }) });
export const TaskCompleted = defineEvent('TaskCompleted');

export type TaskDefinition = typeof TaskCreated | typeof TaskRenamed | typeof TaskCompleted;

export interface TaskState {
  readonly id: string;
  readonly title: string;
  readonly completed: boolean;
}

export class TaskError extends Error {
  readonly code = 'TASK_COMPLETED';
}

function evolve(state: TaskState, event: EventOf<TaskDefinition>): TaskState {
  return event.type === 'TaskCompleted' ? { ...state, completed: true } : { ...state, title: event.data.title };
}

export class Task extends AggregateRoot<TaskState, TaskDefinition> {
  static readonly aggregateType = 'Task';
  static readonly events = [TaskCreated, TaskRenamed, TaskCompleted];

  protected initialState(): TaskState {
    return { id: this.id, title: '', completed: false };
  }

  protected apply(state: TaskState, event: EventOf<TaskDefinition>): TaskState {
    return evolve(state, event);
  }

  create(title: string): void {
    this.raise(TaskCreated, { title });
  }

  rename(...titles: string[]): void {
    if (this.state.completed) throw new TaskError(`Task ${this.id} is completed.`);
    for (const title of titles) this.raise(TaskRenamed, { title }, { metadata: { by: 'me' }, tags: ['renamed'] });
  }

  async renameLater(title: string): Promise<void> {
    await Promise.resolve();
    this.rename(title);
  }

  complete(): void {
    if (!this.state.completed) this.raise(TaskCompleted);
  }
}

export type TaskCommand = { readonly do: 'create'; readonly title: string } | { readonly do: 'complete' };

export const taskDecider: Decider<TaskCommand, TaskState, TaskDefinition> = defineDecider({
  type: 'Task',
  events: [TaskCreated, TaskRenamed, TaskCompleted],
  initialState: (id): TaskState => ({ id, title: '', completed: false }),
  decide: (command: TaskCommand, state) => {
    if (command.do === 'create') return [TaskCreated.create({ title: command.title }), TaskRenamed.create({ title: `${command.title}!` })];
    if (state.title === '') throw new TaskError('There is no such task.');
    return state.completed ? undefined : TaskCompleted.create();
  },
  evolve,
});
