import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { numbered } from './bus.fixture.ts';
import { PendingPublish } from './pending-publish.ts';

const events = numbered('task-1', 5);
const refused = { code: 'ES_PUBLISH_REFUSED', reason: 'the queue is full.' } as const;

function pending(count: number, signal?: AbortSignal): PendingPublish {
  const messages = events.slice(0, count).map((event, index) => ({ event, headers: {}, route: { destination: `topic-${index % 2}` } }));
  return new PendingPublish(messages, { component: 'TestBus', timeoutMs: 1_000, signal });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a publish that waits for its broker', () => {
  test('is done when every message is confirmed, in whatever order and however often', async () => {
    const publish = pending(3);
    publish.confirm(2);
    publish.confirm(0);
    publish.confirm(0);
    expect([publish.isOver, publish.open]).toEqual([false, [1]]);
    publish.confirm(1);
    expect([publish.isOver, publish.open]).toEqual([true, []]);
    await publish.done;
  });

  test('fails once each message is settled, and names those that are not confirmed in their order', async () => {
    const publish = pending(4);
    const cause = new Error('basic.nack');
    publish.fail(3, { code: 'ES_PUBLISH_TOO_LARGE', reason: 'too large.' });
    publish.fail(1, { ...refused, cause });
    publish.confirm(0);
    expect(publish.isOver).toBe(false);
    publish.confirm(2);
    await expect(publish.done).rejects.toMatchObject({
      name: 'PublishError',
      code: 'ES_PUBLISH_REFUSED',
      cause,
      message: `TestBus.publish to topic-1: 2 of 4 events are not confirmed (NumberAdded ${events[1]?.id}, NumberAdded ${events[3]?.id}): the queue is full.`,
      unconfirmed: [1, 3].map((index) => ({
        id: events[index]?.id,
        type: 'NumberAdded',
        aggregateType: 'Task',
        aggregateId: 'task-1',
      })),
    });
  });

  test('takes the first word about a message, and none afterwards', async () => {
    const publish = pending(2);
    publish.confirm(0);
    publish.fail(0, refused);
    publish.fail(1, refused);
    publish.confirm(1);
    await expect(publish.done).rejects.toMatchObject({ unconfirmed: [{ id: events[1]?.id }] });
  });

  test('can fail in all that is open', async () => {
    const publish = pending(5);
    publish.confirm(4);
    publish.failAll(refused);
    await expect(publish.done).rejects.toMatchObject({
      message: expect.stringMatching(/to topic-0, topic-1: 4 of 5 events .* and 1 more\): the queue is full\.$/),
      unconfirmed: events.slice(0, 4).map(({ id }) => expect.objectContaining({ id })),
    });
    publish.failAll(refused);
  });

  test('can be refused for a reason of its own, once', async () => {
    const publish = pending(2);
    const reason = new Error('no broker');
    publish.refuse(reason);
    publish.refuse(new Error('another'));
    await expect(publish.done).rejects.toBe(reason);
    expect(publish.isOver).toBe(true);
  });

  test('fails at its deadline with what is open then', async () => {
    const publish = pending(2);
    const failed = expect(publish.done).rejects.toMatchObject({
      code: 'ES_PUBLISH_UNCONFIRMED',
      message: expect.stringContaining('did not confirm within 1000 ms'),
      unconfirmed: [{ id: events[1]?.id }],
    });
    publish.confirm(0);
    await vi.advanceTimersByTimeAsync(999);
    expect(publish.isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(publish.isOver).toBe(true);
    await failed;
    publish.confirm(1);
  });

  test('is over as soon as its signal is aborted', async () => {
    const giveUp = new AbortController();
    const publish = pending(2, giveUp.signal);
    publish.confirm(0);
    giveUp.abort('enough');
    expect(publish.isOver).toBe(true);
    await expect(publish.done).rejects.toMatchObject({ name: 'AbortError', code: 'ES_ABORTED', cause: 'enough' });
    publish.confirm(1);
  });

  test('is over at once where its signal is aborted already', async () => {
    const publish = pending(1, AbortSignal.abort('enough'));
    expect(publish.isOver).toBe(true);
    await expect(publish.done).rejects.toMatchObject({ code: 'ES_ABORTED' });
  });

  test('lets go of its signal when it is done', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const publish = pending(1, signal);
    publish.confirm(0);
    await publish.done;
    expect(remove).toHaveBeenCalledOnce();
  });

  test('that fails while nobody waits yet is no unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    vi.useRealTimers();
    const publish = pending(1);
    publish.failAll(refused);
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    vi.useFakeTimers();
    expect(unhandled).not.toHaveBeenCalled();
  });
});
