import assert from 'node:assert/strict';
import { ALL_EVENTS, currentMessageContext, type MessageContext, withMessageContext } from '@es/core';
import type { EventBusCase } from './bus-case.ts';
import { busEvent, turn } from './bus-events.ts';

export const handlerContext: readonly EventBusCase[] = [
  {
    name: 'a handler runs in the message context of its event, and in nothing of those who published it or started the bus',
    run: async ({ open, received }) => {
      const [bus, got] = [await open(), received()];
      const contexts: MessageContext[] = [];
      bus.subscribe(
        ALL_EVENTS,
        async (event) => {
          await turn();
          contexts.push(currentMessageContext());
          got.handler(event);
        },
        { name: 'h' },
      );
      const starter = { correlationId: 'starter', actorId: 'starter', tenantId: 'starter' };
      await withMessageContext(starter, () => bus.startConsuming());
      const events = [busEvent({ correlationId: 'order-1', actorId: 'anna', tenantId: 'acme' }), busEvent({ correlationId: 'order-2' })];
      for (const event of events) {
        await withMessageContext({ actorId: 'publisher', tenantId: 'publisher' }, () => bus.publish([event]));
        await got.has([event]);
      }
      assert.deepEqual(contexts, [
        { correlationId: 'order-1', causationId: events[0]?.id, actorId: 'anna', tenantId: 'acme' },
        { correlationId: 'order-2', causationId: events[1]?.id },
      ]);
    },
  },
  {
    name: 'a replay runs in the message context of its event too',
    run: async ({ open, until }) => {
      const bus = await open({ retry: { maxAttempts: 1 } });
      const contexts: MessageContext[] = [];
      bus.subscribe(
        ALL_EVENTS,
        (_event, { attempt }) => {
          contexts.push(currentMessageContext());
          if (attempt === 1) throw new Error('no');
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      const event = busEvent({ correlationId: 'order-1' });
      await bus.publish([event]);
      await until(async () => (await bus.deadLetters.count()) === 1, 'there is a dead letter');
      await withMessageContext({ actorId: 'repairer' }, () => bus.replayDeadLetters());
      assert.deepEqual(contexts, Array(2).fill({ correlationId: 'order-1', causationId: event.id }));
    },
  },
];
