import { DeclarativeProjection, on } from '@es/projections';
import { TaskCompleted, TaskCreated } from './events.ts';

/** How many tasks there are, kept by what happened to them. */
export class TaskCounts extends DeclarativeProjection {
  created = 0;
  completed = 0;

  protected readonly handlers = [
    on(TaskCreated, () => {
      this.created += 1;
    }),
    on(TaskCompleted, () => {
      this.completed += 1;
    }),
  ];
}
