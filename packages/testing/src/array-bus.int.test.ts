import { describe, test } from 'vitest';
import { ArrayBroker } from './event-bus/array-broker.fixture.ts';
import { ArrayEventBus } from './event-bus/array-event-bus.fixture.ts';
import { describeEventBus } from './event-bus/describe-event-bus.ts';

// Unlike the in-memory bus it has consumer groups, keeps what nobody has handled yet, and refuses what nobody would get.
describeEventBus({
  runner: { describe, test },
  name: 'ArrayEventBus',
  capabilities: { durable: true, consumerGroups: true, orderedGroups: true, refusesUnroutable: true },
  telemetry: { scope: 'array-event-bus', system: 'array', publishOperation: 'send', attributes: { 'server.address': 'broker' } },
  create: () => {
    const broker = new ArrayBroker();
    return {
      destination: 'array',
      open: (options) => new ArrayEventBus(broker, options),
      publishRaw: async (message) => void broker.publish({ key: '', ...message }),
    };
  },
});
