import { type DomainEvent, defineEvent, type EventDraft, InMemoryEventStore } from '@es/core';
import { z } from 'zod';
import { DeclarativeProjection } from './declarative-projection.ts';
import { on } from './projection-handler.ts';

export const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title: z.string() }) });
export const TaskCompleted = defineEvent('TaskCompleted');
export const TaskArchived = defineEvent('TaskArchived');

/** Counts tasks by what has become of them. */
export class TaskCounts extends DeclarativeProjection {
  open = 0;
  completed = 0;
  readonly titles: string[] = [];
  protected readonly handlers = [
    on(TaskCreated, (event) => {
      this.open += 1;
      this.titles.push(event.data.title);
    }),
    on(TaskCompleted, async () => {
      await Promise.resolve();
      this.open -= 1;
      this.completed += 1;
    }),
  ];
}

/** Makes an event of a task as it would travel. */
export function taskEvent(draft: EventDraft, fields: Partial<DomainEvent> = {}): DomainEvent {
  return { ...draft, aggregateType: 'Task', aggregateId: 'task-1', version: 1, correlationId: draft.id, causationId: draft.id, ...fields };
}

/** A store with three created tasks, one of them completed, one archived. */
export async function storeOfTasks(): Promise<InMemoryEventStore> {
  const store = new InMemoryEventStore();
  const append = (aggregateId: string, ...drafts: EventDraft[]) =>
    store.appendEvents({ aggregateType: 'Task', aggregateId }, drafts, { expectedVersion: 'any' });
  await append('a', TaskCreated.create({ title: 'A' }), TaskCompleted.create());
  await append('b', TaskCreated.create({ title: 'B' }));
  await append('c', TaskCreated.create({ title: 'C' }), TaskArchived.create());
  return store;
}
