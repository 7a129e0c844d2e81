import { AggregateRepository, createCommandHandler, type EventStore, uuidV7 } from '@es/core';
import { ATTR_AGGREGATE_ID, ATTR_AGGREGATE_TYPE, ATTR_EVENT_COUNT, ATTR_EVENT_TYPE, createTracing } from '@es/otel';
import { type Deliver, NotificationService } from './notification-service.ts';
import { Task } from './task.ts';
import { TaskCounts } from './task-counts.ts';
import { taskDecider } from './task-decider.ts';
import { TaskService } from './task-service.ts';

/** Takes one line of what a person wants to see. */
export type Say = (line: string) => void;

/** Runs every section of the tutorial. */
export async function runTutorial(eventStore: EventStore, say: Say): Promise<void> {
  await basicTracing(eventStore, say);
  await customComponentTracing(eventStore, say);
  standardAttributes(say);
  await deciderStyle(eventStore, say);
  await projection(eventStore, say);
}

/** Repository and event store make spans by themselves; nothing here speaks of tracing. */
async function basicTracing(eventStore: EventStore, say: Say): Promise<void> {
  say('\n=== Basic tracing ===\n');
  const tasks = new AggregateRepository({ eventStore, aggregate: Task });
  const task = tasks.createNew(uuidV7());
  task.create('Learn OpenTelemetry');
  await tasks.save(task);
  const loaded = await tasks.load(task.id);
  say(`Task loaded: ${loaded.state.title}`);
}

/** Services of your own: spans with `TracingMixin`, and with `@traced` where the attributes never change. */
async function customComponentTracing(eventStore: EventStore, say: Say): Promise<void> {
  say('\n=== Custom component tracing ===\n');
  const service = new TaskService(new AggregateRepository({ eventStore, aggregate: Task }));
  const { id } = await service.createTask('Build observability');
  await service.completeTask(id);
  const task = await service.getTask(id);
  say(`Completed: ${task.state.title}, version ${task.version}`);

  const deliver: Deliver = async (recipient, message) => say(`To ${recipient}: ${message}`);
  const notifications = new NotificationService({ email: deliver, sms: deliver });
  await notifications.sendEmail('ana@example.org', `“${task.state.title}” is done`);
  await notifications.sendSms('+41 00 000 00 00', 'One task less');
}

/** The same names everywhere, so that one query finds an aggregate in every service. */
function standardAttributes(say: Say): void {
  say('\n=== Standard attributes ===\n');
  say(`ATTR_AGGREGATE_ID   = '${ATTR_AGGREGATE_ID}'`);
  say(`ATTR_AGGREGATE_TYPE = '${ATTR_AGGREGATE_TYPE}'`);
  say(`ATTR_EVENT_TYPE     = '${ATTR_EVENT_TYPE}'`);
  say(`ATTR_EVENT_COUNT    = '${ATTR_EVENT_COUNT}'`);

  const tracing = createTracing('task-tracker');
  tracing.span('process_event', { [ATTR_AGGREGATE_ID]: 'task-1', [ATTR_EVENT_TYPE]: 'TaskCreated' }, (span) => {
    say(span === undefined ? 'Nobody records spans here.' : 'This line was said inside a span with two of them.');
  });
}

/** The same task without classes; the path to the store, and so the trace, is the same. */
async function deciderStyle(eventStore: EventStore, say: Say): Promise<void> {
  say('\n=== Decider style ===\n');
  const tasks = createCommandHandler({ eventStore, decider: taskDecider });
  const id = uuidV7();
  await tasks.handle(id, { kind: 'create', title: 'Write it in functions' });
  const { state, version } = await tasks.handle(id, { kind: 'complete' });
  say(`Completed: ${state.title}, version ${version}`);
}

/** Projections make spans only when asked to: they see every event. Each span links to the one that wrote the event. */
async function projection(eventStore: EventStore, say: Say): Promise<void> {
  say('\n=== Projection ===\n');
  const counts = new TaskCounts({ tracing: true });
  await counts.catchUp(eventStore);
  say(`Tasks: ${counts.created} created, ${counts.completed} completed`);
}
