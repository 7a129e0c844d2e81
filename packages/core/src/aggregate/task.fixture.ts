import { z } from 'zod';
import { AggregateRoot, defineDecider, defineEvent, type EventOf } from '../index.ts';

export const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title: z.string() }) });
export const TaskRenamed = defineEvent('TaskRenamed', { schema: z.object({ title: z.string() }) });
export const TaskCompleted = defineEvent('TaskCompleted');

export type TaskDefinition = typeof TaskCreated | typeof TaskRenamed | typeof TaskCompleted;

export interface TaskState {
  readonly title: string;
  readonly renamed: number;
  readonly completed: boolean;
}

const initial: TaskState = { title: '', renamed: 0, completed: false };

function evolve(state: TaskState, event: EventOf<TaskDefinition>): TaskState {
  switch (event.type) {
    case 'TaskCreated':
      return { ...state, title: event.data.title };
    case 'TaskRenamed':
      return { ...state, title: event.data.title, renamed: state.renamed + 1 };
    case 'TaskCompleted':
      return { ...state, completed: true };
  }
}

export class Task extends AggregateRoot<TaskState, TaskDefinition> {
  static readonly aggregateType: string = 'Task';
  static readonly events: readonly TaskDefinition[] = [TaskCreated, TaskRenamed, TaskCompleted];

  protected initialState(): TaskState {
    return initial;
  }

  protected apply(state: TaskState, event: EventOf<TaskDefinition>): TaskState {
    return evolve(state, event);
  }

  create(title: string): EventOf<typeof TaskCreated> {
    return this.raise(TaskCreated, { title });
  }

  rename(title: string): void {
    this.raise(TaskRenamed, { title });
  }

  complete(): void {
    this.raise(TaskCompleted);
  }
}

export type TaskCommand = { readonly do: 'create' | 'rename'; readonly title: string } | { readonly do: 'complete' };

export const taskDecider = defineDecider({
  type: 'Task',
  events: [TaskCreated, TaskRenamed, TaskCompleted],
  initialState: () => initial,
  decide: (command: TaskCommand, state: TaskState) => {
    if (command.do === 'create') return TaskCreated.create({ title: command.title });
    if (command.do === 'rename') return [TaskRenamed.create({ title: command.title })];
    return state.completed ? undefined : TaskCompleted.create();
  },
  evolve,
});
