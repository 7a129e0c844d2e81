import { childInput } from './child.fixture.ts';
import { task } from './sample-events.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

/* Reads everything three times, event by event, and says how much there was. */
async function count(read: AsyncIterable<unknown>): Promise<number> {
  let events = 0;
  for await (const _ of read) events += 1;
  return events;
}

const store = new SqliteEventStore({ path: childInput<{ path: string }>().path });
const counts = {
  all: await count(store.readAll()),
  stream: await count(store.getEvents(task('long'))),
  filtered: await count(store.readAll({ types: ['Filler'] })),
};
await store.close();
process.stdout.write(`${JSON.stringify(counts)}\n`);
