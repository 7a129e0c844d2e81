import { type CheckpointStore, InMemoryCheckpointStore } from '@es/core';
import { describe, expect, test } from 'vitest';
import { withStore } from '../conformance/store-fixture.ts';
import { checkpointSections } from './checkpoint-cases.ts';

class KeepsNumbers extends InMemoryCheckpointStore {
  override save(subscription: string, position: bigint): Promise<void> {
    return super.save(subscription, typeof position === 'bigint' ? BigInt(Number(position) | 0) : position);
  }
}

class OnlyForward extends InMemoryCheckpointStore {
  override async save(...[subscription, position, options]: Parameters<CheckpointStore['save']>): Promise<void> {
    const before = subscription === '' ? undefined : await super.load(subscription);
    if (before === undefined || typeof position !== 'bigint' || position > before) await super.save(subscription, position, options);
  }
}

class StartsAtZero extends InMemoryCheckpointStore {
  override async load(...args: Parameters<CheckpointStore['load']>): Promise<bigint | undefined> {
    return (await super.load(...args)) ?? 0n;
  }
}

class IgnoresCase extends InMemoryCheckpointStore {
  override save(...[subscription, ...rest]: Parameters<CheckpointStore['save']>): Promise<void> {
    return super.save(subscription.toLowerCase(), ...rest);
  }
  override load(...[subscription, ...rest]: Parameters<CheckpointStore['load']>): Promise<bigint | undefined> {
    return super.load(subscription.toLowerCase(), ...rest);
  }
}

class NeverCloses extends InMemoryCheckpointStore {
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

const cases = checkpointSections.flatMap((section) => section.cases);

describe.each([
  ['keeps positions in 32 bits', KeepsNumbers, 'gives back the position'],
  ['never goes backwards', OnlyForward, 'gives back the position'],
  ['takes no checkpoint for position 0', StartsAtZero, 'has no checkpoint'],
  ['ignores case', IgnoresCase, 'keeps subscriptions apart'],
  ['never closes', NeverCloses, 'save fails with a ClosedError after'],
])('a checkpoint store that %s', (_fault, Store, beginning) => {
  test(`fails the case "${beginning} …"`, async () => {
    const [found] = cases.filter(({ name }) => name.startsWith(beginning));
    expect(found).toBeDefined();
    const running = withStore<CheckpointStore, object>(
      () => ({ open: () => new Store() }),
      {},
      async (setting) => found?.run(setting),
    );
    await expect(running).rejects.toThrow();
  });
});
