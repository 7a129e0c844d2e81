import { writeSync } from 'node:fs';
import { childInput } from '@es-internal/services/child';
import { eventOf } from '@es-internal/services/events';
import { openBus } from './bus.fixture.ts';

/* Publishes flat out until it is killed, several batches at once. Says which events once they are confirmed. */
const bus = openBus(childInput<{ brokers: string[]; topic: string }>());

async function publish(aggregateId: string): Promise<never> {
  for (let version = 1; ; version += 3) {
    const events = [version, version + 1, version + 2].map((each) => eventOf(aggregateId, each));
    await bus.publish(events);
    for (const { id } of events) writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, index) => publish(`counter-${index}`)));
