import { AggregateRoot } from '@es/core';
import { TaskCompleted, TaskCreated, type TaskDefinition, type TaskEvent, TaskRenamed, taskEvents } from './events.ts';

export interface TaskState {
  readonly title: string;
  readonly completed: boolean;
}

/** The state before the first event. */
export const noTask: TaskState = { title: '', completed: false };

/** What an event makes of a task. */
export function evolveTask(state: TaskState, event: TaskEvent): TaskState {
  switch (event.type) {
    case 'TaskCreated':
      return { title: event.data.title, completed: false };
    case 'TaskRenamed':
      return { ...state, title: event.data.title };
    case 'TaskCompleted':
      return { ...state, completed: true };
  }
}

/** A task as a class. */
export class Task extends AggregateRoot<TaskState, TaskDefinition> {
  static readonly aggregateType = 'Task';
  static readonly events = taskEvents;

  protected initialState(): TaskState {
    return noTask;
  }

  protected apply(state: TaskState, event: TaskEvent): TaskState {
    return evolveTask(state, event);
  }

  create(title: string): void {
    this.raise(TaskCreated, { title });
  }

  rename(title: string): void {
    if (title !== this.state.title) this.raise(TaskRenamed, { title });
  }

  complete(): void {
    if (!this.state.completed) this.raise(TaskCompleted);
  }
}
