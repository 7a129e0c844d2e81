import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { childInput } from '@es-internal/services/child';
import { type BusOptions, consume } from './bus.fixture.ts';

/* Handles events until it is killed, and says which once it has; the poison kills it. */
await consume(childInput<BusOptions & { readonly url: string }>(), async ({ id, type }) => {
  if (type === 'Poison') process.kill(process.pid, 'SIGKILL');
  await delay(3);
  // Straight into the pipe: what has been said there outlives this process.
  writeSync(1, `${id}\n`);
});
writeSync(1, 'ready\n');
