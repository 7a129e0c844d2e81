import type { DomainEvent } from '../events/event.ts';
import { atOnce, NumberAdded, TaskCompleted, TaskCreated } from './bus.fixture.ts';
import { InMemoryEventBus, type InMemoryEventBusOptions } from './in-memory-event-bus.ts';

/** The spans of one event, from its publishing to its handler. */
export const names = {
  publish: 'eventsource.event_bus.publish',
  process: 'process events',
  dispatch: 'eventsource.event_bus.dispatch',
  handle: 'eventsource.event_bus.handle',
};

/** Publishes events on a bus of their own that gives them to a handler named `mailer`, until it is idle. */
export async function run(
  events: readonly DomainEvent[],
  handler: (event: DomainEvent) => unknown,
  options: InMemoryEventBusOptions = {},
): Promise<void> {
  await using bus = new InMemoryEventBus({ retry: atOnce, ...options });
  bus.subscribe([TaskCreated, TaskCompleted, NumberAdded], handler, { name: 'mailer' });
  await bus.startConsuming();
  await bus.publish(events);
  await bus.whenIdle();
}
