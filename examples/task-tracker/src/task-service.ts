import { type AggregateRepository, uuidV7 } from '@es/core';
import { ATTR_AGGREGATE_ID, ATTR_AGGREGATE_TYPE, ATTR_EVENT_COUNT, ATTR_VERSION, TracingMixin, type TracingOptions } from '@es/otel';
import type { Task } from './task.ts';

/** Told of every attempt at a change: the first, and one more after each version conflict. */
export type Attempted = () => void;

/** What people do with tasks. Each operation is a span, the parent of what repository and store do for it. */
export class TaskService extends TracingMixin() {
  readonly #tasks: AggregateRepository<Task>;

  constructor(tasks: AggregateRepository<Task>, tracing: TracingOptions = {}) {
    super();
    this.initTracing('task-tracker', tracing);
    this.#tasks = tasks;
  }

  createTask(title: string): Promise<Task> {
    return this.tracing.span('task_service.create_task', { 'task.title': title }, async (span) => {
      const task = this.#tasks.createNew(uuidV7());
      span?.setAttributes({ [ATTR_AGGREGATE_ID]: task.id, [ATTR_AGGREGATE_TYPE]: task.aggregateType });
      task.create(title);
      span?.setAttribute(ATTR_EVENT_COUNT, task.pendingEvents.length);
      await this.#tasks.save(task);
      return task;
    });
  }

  renameTask(id: string, title: string, attempted?: Attempted): Promise<Task> {
    return this.#change('task_service.rename_task', id, (task) => task.rename(title), attempted);
  }

  completeTask(id: string, attempted?: Attempted): Promise<Task> {
    return this.#change('task_service.complete_task', id, (task) => task.complete(), attempted);
  }

  getTask(id: string): Promise<Task> {
    return this.tracing.span('task_service.get_task', { [ATTR_AGGREGATE_ID]: id }, () => this.#tasks.load(id));
  }

  /** Loads, changes, saves; when someone else has saved in between, all of that again. */
  #change(name: string, id: string, change: (task: Task) => void, attempted: Attempted = () => undefined): Promise<Task> {
    return this.tracing.span(name, { [ATTR_AGGREGATE_ID]: id }, async (span) => {
      const { aggregate, version } = await this.#tasks.update(id, (task) => {
        attempted();
        change(task);
      });
      span?.setAttribute(ATTR_VERSION, version);
      return aggregate;
    });
  }
}
