import { describe, expect, test } from 'vitest';
import { ArrayBroker } from './array-broker.fixture.ts';
import { brokenBuses } from './broken-buses.fixture.ts';
import { brokenReceivers } from './broken-receivers.fixture.ts';
import { brokenSenders } from './broken-senders.fixture.ts';
import { brokenTransports } from './broken-transports.fixture.ts';
import type { EventBusCase } from './bus-case.ts';
import { runEventBusCase } from './describe-event-bus.ts';
import { busBehaviour, busTelemetry } from './event-bus-sections.ts';

const cases = [...busBehaviour, ...busTelemetry].flatMap((section) => section.cases);
const telemetry = { scope: 'array-event-bus', system: 'array', publishOperation: 'send', attributes: { 'server.address': 'broker' } };
const capabilities = { durable: true, consumerGroups: true, orderedGroups: true, refusesUnroutable: true } as const;
// Long enough for a sound bus of this kind, and short for the cases that wait in vain.
const deadlineMs = 300;

function caseNamed(beginning: string): EventBusCase {
  const [found, ...others] = cases.filter(({ name }) => name.startsWith(beginning));
  if (found === undefined || others.length > 0)
    throw new Error(`${found === undefined ? 'No' : 'More than one'} case begins with ${JSON.stringify(beginning)}.`);
  return found;
}

// That a sound bus passes every case is what the suites of this package show.
describe.each([...brokenSenders, ...brokenReceivers, ...brokenTransports, ...brokenBuses])('a bus that $fault', ({ make, noticedBy }) => {
  test.each(noticedBy)('fails the case "%s …"', async (beginning) => {
    const create = () => {
      const broker = new ArrayBroker();
      const publishRaw = async (message: { headers: Readonly<Record<string, string>>; body: string }) =>
        void broker.publish({ key: '', ...message });
      return { destination: 'array', open: (options: object) => make(broker, options), publishRaw };
    };
    await expect(runEventBusCase({ create, telemetry, capabilities, deadlineMs }, caseNamed(beginning))).rejects.toThrow();
  });
});

test('no two cases have one name', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
