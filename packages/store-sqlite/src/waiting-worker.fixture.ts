import { childInput } from './child.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

/* Waits with a time limit, which keeps the process alive, and then without one, which does not. */
const store = new SqliteEventStore({ path: childInput<{ path: string }>().path });
process.stdout.write(`waited: ${await store.waitForEvents(0n, { timeoutMs: 200 })}\n`);
void store.waitForEvents(0n);
