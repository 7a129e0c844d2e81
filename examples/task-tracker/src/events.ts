import { defineEvent, type EventOf } from '@es/core';
import { z } from 'zod';

const title = z.string().trim().min(1);

export const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title }) });
export const TaskRenamed = defineEvent('TaskRenamed', { schema: z.object({ title }) });
export const TaskCompleted = defineEvent('TaskCompleted');

/** Everything that can happen to a task. */
export const taskEvents = [TaskCreated, TaskRenamed, TaskCompleted] as const;

export type TaskDefinition = (typeof taskEvents)[number];
export type TaskEvent = EventOf<TaskDefinition>;
