import { expect, test, vi } from 'vitest';
import { StorageError } from '../errors/storage-error.ts';
import { defineEvent } from '../events/define-event.ts';
import { BaseEventStore } from './base-event-store.ts';
import { MemoryEventStorage } from './memory-event-storage.ts';

test('a store logs what its database fails with as an error, and what its caller did wrong for debugging', async () => {
  const error = vi.fn();
  const debug = vi.fn();
  const logger = {
    trace: vi.fn(),
    debug,
    info: vi.fn(),
    warn: vi.fn(),
    error,
    fatal: vi.fn(),
    child: () => logger,
    isLevelEnabled: () => true,
  };
  const storage = new MemoryEventStorage();
  const store = new BaseEventStore(storage, { logger });
  const stream = { aggregateType: 'Note', aggregateId: 'n-1' };
  const failure = new StorageError('ES_STORAGE_FULL', 'no room');
  vi.spyOn(storage, 'append').mockRejectedValueOnce(failure);
  vi.spyOn(storage, 'readAll').mockImplementationOnce(() => {
    throw failure;
  });
  const append = () => store.appendEvents(stream, [defineEvent('Noted').create()], { expectedVersion: 7 });

  await expect(append()).rejects.toBe(failure);
  await expect(store.readAll().toArray()).rejects.toBe(failure);
  expect(error.mock.calls).toEqual([
    [{ err: failure, ...stream }, 'InMemoryEventStore.appendEvents failed'],
    [{ err: failure }, 'InMemoryEventStore.readAll failed'],
  ]);
  await expect(append()).rejects.toMatchObject({ code: 'ES_CONCURRENCY' });
  expect(debug).toHaveBeenCalledOnce();
});
