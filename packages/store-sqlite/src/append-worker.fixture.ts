import { hasErrorCode } from '@es/core';
import { childInput, startSignal } from './child.fixture.ts';
import { event, task } from './sample-events.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

/* Appends to streams that are its own or that it shares with other processes, then says how many it appended and how else appends ended. */
const { path, own, shared, contended, count } = childInput<{
  path: string;
  /** Its own stream: every append expects the exact version. */
  own?: string;
  /** A stream to which all append, whatever its version. */
  shared?: string;
  /** A stream for which all compete by its version, trying again after a conflict. */
  contended?: string;
  count: number;
}>();

await startSignal();
const store = new SqliteEventStore({ path, busyTimeoutMs: 30_000 });
const failures: string[] = [];
let appended = 0;

async function compete(id: string, index: number): Promise<void> {
  for (;;) {
    const last = await store.getEvents(task(id), { direction: 'backward', limit: 1 }).first();
    try {
      await store.appendEvents(task(id), [event('Won', { index })], { expectedVersion: last?.version ?? 0 });
      return;
    } catch (error) {
      if (!hasErrorCode(error, 'ES_CONCURRENCY')) throw error;
    }
  }
}

for (let index = 0; index < count; index += 1) {
  try {
    if (own !== undefined) await store.appendEvents(task(own), [event('Own', { index })], { expectedVersion: index });
    if (shared !== undefined) await store.appendEvents(task(shared), [event('Shared', { index })], { expectedVersion: 'any' });
    if (contended !== undefined) await compete(contended, index);
    appended += 1;
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
}
await store.close();
process.stdout.write(`${JSON.stringify({ appended, failures })}\n`);
