import { once } from 'node:events';
import { ALL_EVENTS } from '@es/core';
import { childInput } from '@es-internal/services/child';
import { eventOf } from '@es-internal/services/events';
import { openBus } from './bus.fixture.ts';

/* Uses everything that a bus has, stops it, and then has nothing more to do. */
const bus = openBus({ ...childInput<{ brokers: string[]; topic: string; consumerGroup: string }>(), retry: { maxAttempts: 1 } });
const handled = new EventTarget();
const first = once(handled, 'handled');
bus.subscribe(
  ALL_EVENTS,
  () => {
    handled.dispatchEvent(new Event('handled'));
    throw new Error('every event becomes a dead letter');
  },
  { name: 'count' },
);
await bus.startConsuming();
await bus.publish([eventOf('a', 1)]);
await first;
const letters = async (): Promise<number> => bus.deadLetters.count();
while ((await letters()) === 0);
await bus.stop();
process.stdout.write('stopped\n');
