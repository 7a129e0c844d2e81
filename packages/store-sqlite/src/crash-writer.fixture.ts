import { writeSync } from 'node:fs';
import { uuidV7 } from '@es/core';
import { childInput } from './child.fixture.ts';
import { event, task } from './sample-events.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

/* Appends flat out, several streams at once, until it is killed. Says which event it is about to append only once that is acknowledged. */
const { path, streams } = childInput<{ path: string; streams: number }>();
const store = new SqliteEventStore({ path });

async function write(id: string): Promise<never> {
  let version = (await store.getEvents(task(id), { direction: 'backward', limit: 1 }).first())?.version ?? 0;
  for (;;) {
    const ids = Array.from({ length: 1 + (version % 3) }, () => uuidV7());
    const result = await store.appendEvents(
      task(id),
      ids.map((eventId, index) => event('Written', { index, of: ids.length, text: 'x'.repeat(300) }, { id: eventId, tags: [id] })),
      { expectedVersion: version },
    );
    // Straight into the pipe: what has been said there outlives this process.
    for (const [index, eventId] of ids.entries()) writeSync(1, `${id} ${version + index + 1} ${eventId}\n`);
    version = result.version;
  }
}

await Promise.all(Array.from({ length: streams }, (_, index) => write(`s${index}`)));
