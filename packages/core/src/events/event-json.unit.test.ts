import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent, eventToJson, InMemoryEventStore } from '../index.ts';

test('eventToJson writes the position as a decimal string and data as it is stored', async () => {
  const Scheduled = defineEvent('Scheduled', { schema: z.object({ at: z.coerce.date() }) });
  const store = new InMemoryEventStore({ events: [Scheduled] });
  await store.appendEvents({ aggregateType: 'Job', aggregateId: 'j' }, [Scheduled.create({ at: new Date(0) })], { expectedVersion: 'any' });
  const [event] = await store.readAll().toArray();

  expect(event?.data).toEqual({ at: new Date(0) });
  expect(eventToJson(event as NonNullable<typeof event>)).toMatchObject({
    position: '1',
    version: 1,
    data: { at: '1970-01-01T00:00:00.000Z' },
  });
});
