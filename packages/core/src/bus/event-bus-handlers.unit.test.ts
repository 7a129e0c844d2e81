import { AsyncLocalStorage } from 'node:async_hooks';
import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test } from 'vitest';
import { Task } from '../aggregate/task.fixture.ts';
import { AggregateRepository, InMemoryEventStore } from '../index.ts';
import { currentMessageContext, withMessageContext } from '../message/message-context.ts';
import { atOnce, created, eventOf, TaskCreated } from './bus.fixture.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

describe('what handlers are called with', () => {
  test('their name, the attempt and a signal', async () => {
    await using bus = new InMemoryEventBus({ retry: atOnce });
    const contexts: unknown[] = [];
    bus.subscribe(
      TaskCreated,
      (_event, context) => {
        contexts.push(context);
        if (context.attempt < 3) throw new Error('again');
      },
      { name: 'h' },
    );
    await bus.startConsuming();
    await bus.publish([created()]);
    await bus.whenIdle();
    expect(contexts).toEqual([1, 2, 3].map((attempt) => ({ handler: 'h', attempt, signal: expect.any(AbortSignal) })));
  });

  test('the message context of their event, and nothing of those who published or started the bus', async () => {
    await using bus = new InMemoryEventBus();
    const contexts: unknown[] = [];
    bus.subscribe(
      TaskCreated,
      async () => {
        await Promise.resolve();
        contexts.push(currentMessageContext());
      },
      { name: 'h' },
    );
    await withMessageContext({ actorId: 'starter', tenantId: 'starter', correlationId: 'starter' }, () => bus.startConsuming());
    const event = eventOf(TaskCreated.create({ title: 'x' }), { context: { correlationId: 'order-1', actorId: 'anna' } });
    await withMessageContext({ actorId: 'publisher', tenantId: 'publisher' }, () => bus.publish([event]));
    await bus.whenIdle();
    expect(contexts).toEqual([{ correlationId: 'order-1', causationId: event.id, actorId: 'anna' }]);
  });

  test('the asynchronous context in which the bus was started, whoever publishes', async () => {
    const request = new AsyncLocalStorage<string>();
    await using bus = new InMemoryEventBus({ retry: atOnce });
    const seen: (string | undefined)[] = [];
    bus.subscribe(TaskCreated, (_event, { attempt }) => {
      seen.push(request.getStore());
      if (attempt === 1) throw new Error('again');
    });
    await request.run('published early', () => bus.publish([created()]));
    await request.run('started', () => bus.startConsuming());
    await request.run('published later', () => bus.publish([created('x', 'task-2')]));
    await bus.whenIdle();
    expect(seen).toEqual(Array(4).fill('started'));
  });

  test('so that the events they save carry correlation and causation on', async () => {
    const eventStore = new InMemoryEventStore();
    const tasks = new AggregateRepository({ eventStore, aggregate: Task });
    await using bus = new InMemoryEventBus();
    bus.subscribe(
      TaskCreated,
      async () => {
        const followUp = tasks.createNew('follow-up');
        await Promise.resolve();
        followUp.create('follow up');
        await tasks.save(followUp);
      },
      { name: 'follow up' },
    );
    await bus.startConsuming();
    const cause = eventOf(TaskCreated.create({ title: 'x' }), { context: { correlationId: 'conversation' } });
    await bus.publish([cause]);
    await bus.whenIdle();
    const saved = await eventStore.getEvents({ aggregateType: 'Task', aggregateId: 'follow-up' }).first();
    expect(saved).toMatchObject({ correlationId: 'conversation', causationId: cause.id });
  });
});
