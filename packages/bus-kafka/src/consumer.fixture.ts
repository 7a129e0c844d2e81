import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ALL_EVENTS } from '@es/core';
import { childInput } from '@es-internal/services/child';
import { openBus } from './bus.fixture.ts';

/* Handles events until it is killed, and says which once it has. */
const bus = openBus(childInput<{ brokers: string[]; topic: string; consumerGroup: string }>());
bus.subscribe(
  ALL_EVENTS,
  async ({ id }) => {
    await delay(3);
    // Straight into the pipe: what has been said there outlives this process.
    writeSync(1, `${id}\n`);
  },
  { name: 'count' },
);
await bus.startConsuming();
