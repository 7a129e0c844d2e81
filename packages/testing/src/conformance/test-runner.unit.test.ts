import type { Capability } from '@es/core';
import { describe, expect, test, vi } from 'vitest';
import { registerSections } from './register-cases.ts';
import { withStore } from './store-fixture.ts';
import { skipTest, type TestRunner } from './test-runner.ts';

/** A runner that runs every test at once, with a context of our choice. */
function recordingRunner(context?: unknown) {
  const ran: Promise<void>[] = [];
  const names: string[] = [];
  const runner: TestRunner = {
    describe: (name, define) => {
      names.push(name);
      define();
    },
    test: (name, run) => {
      names.push(name);
      ran.push(run(context));
    },
  };
  return { runner, names, done: () => Promise.all(ran) };
}

describe('a case that can’t apply', () => {
  test.each([
    ['object, as in node:test', (skip: () => void) => ({ skip })],
    ['object that is a function, as in vitest', (skip: () => void) => Object.assign(() => undefined, { skip })],
  ])('is skipped through its context: an %s', async (_what, contextWith) => {
    const skip = vi.fn();
    const { runner, done } = recordingRunner(contextWith(skip));
    skipTest(runner, 'a test', 'a reason');
    await done();
    expect(skip).toHaveBeenCalledExactlyOnceWith('a reason');
  });

  test('is skipped by the function that was given', () => {
    const skip = vi.fn();
    const { runner, names } = recordingRunner();
    skipTest({ ...runner, skip }, 'a test', 'a reason');
    expect(skip).toHaveBeenCalledExactlyOnceWith('a test', 'a reason');
    expect(names).toEqual([]);
  });

  test.each([undefined, null, 'text', () => undefined, {}])('fails where nothing can skip it, rather than passing: %s', async (context) => {
    const { runner, done } = recordingRunner(context);
    skipTest(runner, 'a test', 'a reason');
    await expect(done()).rejects.toThrow(/skip: \(name, reason\)/);
  });
});

describe('registering cases', () => {
  const missing: Capability = { supported: false, reason: 'no disk' };

  test('makes a test of each, and shows what is missing with its reason', () => {
    const skip = vi.fn();
    const { runner, names } = recordingRunner();
    const run = async () => undefined;
    const cases = [
      { name: 'always', run },
      { name: 'needs a disk', needs: 'durable' as const, run },
      { name: 'needs tags', needs: 'tagFilter' as const, run },
    ];
    const runCase = vi.fn(async () => undefined);
    registerSections({ ...runner, skip }, [{ topic: 'topic', cases }], { durable: missing, tagFilter: true }, runCase);
    expect(names).toEqual(['topic', 'always', 'needs tags']);
    expect(runCase.mock.calls).toEqual([[cases[0]], [cases[2]]]);
    expect(skip.mock.calls).toEqual([['needs a disk', 'no disk']]);
  });
});

describe('a store under test', () => {
  function fixture(close: () => Promise<void> = async () => undefined) {
    const log: string[] = [];
    const open = (options: { name?: string }) => {
      log.push(`open ${options.name ?? 'first'}`);
      return {
        close: () => {
          log.push(`close ${options.name ?? 'first'}`);
          return close();
        },
      };
    };
    return { log, create: () => ({ open, cleanup: () => void log.push('cleanup') }) };
  }

  test('is closed with all that was opened, and its data removed', async () => {
    const { log, create } = fixture();
    await withStore(create, {}, async ({ open }) => void (await open({ name: 'second' })));
    expect([...new Set(log)]).toEqual(['open first', 'open second', 'close first', 'close second', 'cleanup']);
  });

  test('is cleared away after a failure too, which is what is reported', async () => {
    const { log, create } = fixture(() => Promise.reject(new Error('can’t close')));
    const failing = withStore(create, {}, () => Promise.reject(new Error('the case')));
    await expect(failing).rejects.toThrow('the case');
    expect(log).toEqual(['open first', 'close first', 'cleanup']);
  });

  test('must be able to close', async () => {
    const { log, create } = fixture(() => Promise.reject(new Error('can’t close')));
    await expect(withStore(create, {}, async () => undefined)).rejects.toThrow('can’t close');
    expect(log.at(-1)).toBe('cleanup');
  });
});
