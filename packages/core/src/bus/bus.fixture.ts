import { z } from 'zod';
import { defineEvent } from '../events/define-event.ts';
import type { DomainEvent, EventDraft } from '../events/event.ts';
import { stampEvent } from '../events/stamp-event.ts';
import type { MessageContext } from '../message/message-context.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';

export const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title: z.string() }) });
export const TaskCompleted = defineEvent('TaskCompleted');
export const NumberAdded = defineEvent('NumberAdded', { schema: z.object({ n: z.int() }) });

/** Tries again at once, so that tests need not wait. */
export const atOnce: Partial<RetryPolicy> = { maxAttempts: 3, initialDelayMs: 0 };

/** Makes an event of an aggregate as that would raise it. */
export function eventOf<Type extends string, Data>(
  draft: EventDraft<Type, Data>,
  { aggregateId = 'task-1', version = 1, context = {} }: { aggregateId?: string; version?: number; context?: MessageContext } = {},
): DomainEvent<Type, Data> {
  return stampEvent(draft, { aggregateType: 'Task', aggregateId }, version, context);
}

/** Events 1 to `count` of one aggregate, each with its number. */
export function numbered(aggregateId: string, count: number): DomainEvent<'NumberAdded', { n: number }>[] {
  return Array.from({ length: count }, (_, index) => eventOf(NumberAdded.create({ n: index + 1 }), { aggregateId, version: index + 1 }));
}

/** A promise that the test settles. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

/** A task's first event. */
export const created = (title = 'x', aggregateId = 'task-1'): DomainEvent => eventOf(TaskCreated.create({ title }), { aggregateId });
