import { defineDecider } from '@es/core';
import { TaskCompleted, TaskCreated, TaskRenamed, taskEvents } from './events.ts';
import { evolveTask, noTask, type TaskState } from './task.ts';

export type TaskCommand =
  | { readonly kind: 'create'; readonly title: string }
  | { readonly kind: 'rename'; readonly title: string }
  | { readonly kind: 'complete' };

/** The same task in functions: what a command leads to, and what an event makes of the state. */
export const taskDecider = defineDecider({
  type: 'Task',
  events: taskEvents,
  initialState: () => noTask,
  decide: (command: TaskCommand, state: TaskState) => {
    switch (command.kind) {
      case 'create':
        return TaskCreated.create({ title: command.title });
      case 'rename':
        return command.title === state.title ? undefined : TaskRenamed.create({ title: command.title });
      case 'complete':
        return state.completed ? undefined : TaskCompleted.create();
    }
  },
  evolve: evolveTask,
});
