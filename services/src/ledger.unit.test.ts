import { expect, it } from 'vitest';
import { eventOf, eventsOf } from './events.ts';
import { Ledger } from './ledger.ts';

it('is content with all events in the order of each aggregate, repeats included', async () => {
  const ledger = new Ledger();
  const events = eventsOf(2, 3);
  const handle = ledger.handler(({ version }) => version);
  for (const event of [...events, ...events.slice(2)]) await handle(event);
  await ledger.untilComplete(events);
  expect([ledger.size, ledger.repeats, ledger.has(events), ledger.has([eventOf('other', 1)])]).toEqual([6, 4, true, false]);
});

it('tells what is lost, and that something came from elsewhere', async () => {
  const ledger = new Ledger();
  const events = eventsOf(1, 2);
  for (const event of events.slice(0, 1)) ledger.note(event);
  await expect(ledger.untilComplete(events, 0)).rejects.toThrow(/lost(.|\n)*counter-0 2/);
  expect(() => ledger.assertComplete([])).toThrow('handled');
});

it('tells of an event that overtook another one of its aggregate, or was handled beside it', async () => {
  const overtaken = new Ledger();
  for (const version of [1, 3, 2]) overtaken.note(eventOf('counter', version));
  expect(() => overtaken.assertInOrder()).toThrow('counter 3 was handled after 1');

  const crowded = new Ledger();
  const go = Promise.withResolvers<void>();
  const handle = crowded.handler(() => go.promise);
  const handling = [1, 2].map((version) => handle(eventOf('counter', version)));
  go.resolve();
  await Promise.all(handling);
  expect(() => crowded.assertInOrder()).toThrow('counter 2 was handled beside another one');
});

it('is not misled by a handler that fails and is called again', async () => {
  const ledger = new Ledger();
  const event = eventOf('counter', 1);
  let calls = 0;
  const handle = ledger.handler(() => {
    calls += 1;
    if (calls === 1) throw new Error('not yet');
  });
  await expect(handle(event)).rejects.toThrow('not yet');
  await handle(event);
  ledger.assertComplete([event]);
});
