import { expect, test } from 'vitest';
import { ConfluentEvents } from './confluent-events.ts';
import { ConfluentError } from './confluent-failure.ts';

const purged = new ConfluentError({ code: -152, message: 'Local: Purged in queue' });
const fenced = { code: -1, message: 'this instance has been fenced by a newer instance' };

function setUp() {
  const told: string[] = [];
  const events = new ConfluentEvents({ lost: () => told.push('lost'), established: () => told.push('established') });
  return { events, told };
}

test('what failed because of something else fails by that, also where it is told later', async () => {
  const { events } = setUp();
  const explained = events.explain(purged);
  events.observe(fenced);
  expect(await explained).toMatchObject({ type: 'PRODUCER_FENCED' });
  expect(await events.explain(purged)).toMatchObject({ type: 'PRODUCER_FENCED' });
});

test('what failed by itself, or since the client was let go of, needs no explanation', async () => {
  const { events } = setUp();
  const tooLarge = new ConfluentError({ code: 10, message: 'Broker: Message size too large' });
  events.observe(fenced);
  expect(await events.explain(tooLarge)).toBe(tooLarge);
  events.end();
  expect(await events.explain(purged)).toBe(purged);
});

test('a client that is not let in gives up what it waits for', async () => {
  const { events } = setUp();
  const waiting = expect(events.unless(new Promise(() => undefined))).rejects.toMatchObject({ type: 'SASL_AUTHENTICATION_FAILED' });
  events.observe({ code: -1, message: 'Local: Authentication failure' });
  await waiting;
});

test('lost connections are told of, until the client lets go of them itself', () => {
  const { events, told } = setUp();
  const lost = { code: -1, message: 'all broker connections are down' };
  events.observe(lost);
  events.answered();
  events.end();
  events.observe(lost);
  expect(told).toEqual(['lost', 'established']);
});
