import { randomInt, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

/* A process of writers: appends of one or several events, to streams of their own and to shared ones, some in transactions that stay open. */
const [url = '', writers = '1', appends = '1'] = process.argv.slice(2);
const store = new PostgresEventStore({ connectionString: url, tracing: false, metrics: false });
let events = 0;

async function inTransaction(stream: { aggregateType: string; aggregateId: string }, count: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await store.inTransaction(client).appendEvents(stream, someEvents(count), { expectedVersion: 'any' });
  await client.query('SELECT pg_sleep($1)', [Math.random() / 50]);
  const isKept = randomInt(4) > 0;
  await client.query(isKept ? 'COMMIT' : 'ROLLBACK');
  await client.end();
  if (isKept) events += count;
}

await Promise.all(
  Array.from({ length: Number(writers) }, async () => {
    const own = randomUUID();
    for (let index = 0; index < Number(appends); index += 1) {
      const stream = { aggregateType: 'Sample', aggregateId: index % 3 === 0 ? `shared-${randomInt(3)}` : own };
      const count = randomInt(1, 5);
      if (index % 10 === 5) {
        await inTransaction(stream, count);
      } else {
        await store.appendEvents(stream, someEvents(count), { expectedVersion: 'any' });
        events += count;
      }
    }
  }),
);
await store.close();
process.stdout.write(String(events));
