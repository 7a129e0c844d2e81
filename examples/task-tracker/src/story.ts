import { AggregateRepository, type EventStore } from '@es/core';
import { createTracing } from '@es/otel';
import { NotificationService } from './notification-service.ts';
import { Task } from './task.ts';
import { TaskCounts } from './task-counts.ts';
import { TaskService } from './task-service.ts';

/** Takes one thing that happened: what, and how. */
export type Tell = (what: string, how: string) => void;

/** The life of one task, in one trace. The store is closed in the middle and opened again: what counts is what it holds. */
export function taskStory(openStore: () => EventStore, tell: Tell): Promise<void> {
  return createTracing('task-tracker').span('task_tracker.story', async () => {
    const id = await writeIt(openStore(), tell);
    await readIt(openStore(), id, tell);
  });
}

async function writeIt(eventStore: EventStore, tell: Tell): Promise<string> {
  await using _closed = eventStore;
  const tasks = serviceOn(eventStore);
  const created = await tasks.createTask('Learn OpenTelemetry');
  tell('created', `“${created.state.title}”, version ${created.version}`);

  // Both begin at version 1. Who is too late loads again, and tries again.
  let attempts = 0;
  const attempted = (): void => {
    attempts += 1;
  };
  const [renamed, completed] = await Promise.all([
    tasks.renameTask(created.id, 'Learn OpenTelemetry by doing', attempted),
    tasks.completeTask(created.id, attempted),
  ]);
  const [first, second] = renamed.version < completed.version ? ['renamed', 'completed'] : ['completed', 'renamed'];
  const how = attempts > 2 ? 'at the same moment: met a version conflict, was tried again,' : 'right after,';
  tell(first, `version ${Math.min(renamed.version, completed.version)}`);
  tell(second, `${how} version ${Math.max(renamed.version, completed.version)}`);

  const notifications = new NotificationService({
    email: async (recipient, message) => tell('told', `${recipient}: ${message}`),
    sms: async (phone, message) => tell('told', `${phone}: ${message}`),
  });
  await notifications.sendEmail('ana@example.org', 'your task is done');
  return created.id;
}

async function readIt(eventStore: EventStore, id: string, tell: Tell): Promise<void> {
  await using _closed = eventStore;
  const { state, version } = await serviceOn(eventStore).getTask(id);
  tell(
    'reloaded',
    `“${state.title}”, ${state.completed ? 'completed' : 'open'}, from its ${version} events after the store was closed and opened again`,
  );

  const counts = new TaskCounts();
  await counts.catchUp(eventStore);
  tell('counted', `${counts.created} created and ${counts.completed} completed, by all events in the store`);
}

function serviceOn(eventStore: EventStore): TaskService {
  return new TaskService(new AggregateRepository({ eventStore, aggregate: Task }));
}
