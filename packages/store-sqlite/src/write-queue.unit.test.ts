import { describe, expect, test, vi } from 'vitest';
import type { WriteRequest } from './pending-write.ts';
import { WriteQueue, type WriteTarget } from './write-queue.ts';

class Busy extends Error {
  readonly code = 'SQLITE_BUSY';
}

/** Keeps what is written in a list, and undoes it as a database would. */
class List implements WriteTarget {
  committed: string[] = [];
  pending: string[] = [];
  inTransaction = false;
  transactions: string[][] = [];
  /** Called before each commit; what it throws makes the commit fail. */
  beforeCommit: () => void = () => undefined;
  /** Called before each transaction; what it throws keeps it from beginning. */
  beforeBegin: () => void = () => undefined;

  makeReady(): void {
    this.beforeBegin();
  }

  transact(fn: () => void): void {
    this.pending = [];
    this.inTransaction = true;
    try {
      fn();
      this.beforeCommit();
      this.transactions.push(this.pending);
      this.committed.push(...this.pending);
    } finally {
      this.inTransaction = false;
    }
  }

  inSavepoint(fn: () => void): void {
    const before = [...this.pending];
    try {
      fn();
    } catch (error) {
      this.pending = before;
      throw error;
    }
  }
}

function setUp(): { list: List; queue: WriteQueue; write: (name: string, request?: Partial<WriteRequest<string>>) => Promise<string> } {
  const list = new List();
  const queue = new WriteQueue(list);
  const write = (name: string, request: Partial<WriteRequest<string>> = {}, signal?: AbortSignal): Promise<string> => {
    const run = (): string => {
      list.pending.push(name);
      return `${name} done`;
    };
    return queue.write({ run, rows: 1, bytes: 1, operation: 'test', waitMs: 10_000, ...request }, signal);
  };
  return { list, queue, write };
}

describe('the write queue', () => {
  test('commits in one transaction, in order, what arrives in one turn of the event loop', async () => {
    const { list, write } = setUp();
    const later = Promise.resolve().then(() => write('c'));
    expect(await Promise.all([write('a'), write('b'), later])).toEqual(['a done', 'b done', 'c done']);
    await write('d');
    expect(list.transactions).toEqual([['a', 'b', 'c'], ['d']]);
  });

  test('bounds a transaction by rows and by size, but never splits a write', async () => {
    const { list, write } = setUp();
    await Promise.all([
      write('a', { rows: 499 }),
      write('b'),
      write('c'),
      write('d', { rows: 10_000 }),
      write('e', { bytes: 2_000_000 }),
      write('f'),
    ]);
    expect(list.transactions).toEqual([['a', 'b'], ['c'], ['d'], ['e'], ['f']]);
  });

  test('lets a write that throws fail alone, wherever it stands, and undoes what it did', async () => {
    const { list, write } = setUp();
    const failure = new Error('no');
    const failing = (): string => {
      list.pending.push('half');
      throw failure;
    };
    const results = await Promise.allSettled([
      write('x', { run: failing }),
      write('a'),
      write('y', { run: failing }),
      write('b'),
      write('z', { run: failing }),
    ]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))).toEqual([
      failure,
      'a done',
      failure,
      'b done',
      failure,
    ]);
    expect(list.committed).toEqual(['a', 'b']);
  });

  test('fails all writes of a transaction that can not be committed, and goes on with the next', async () => {
    const { list, write } = setUp();
    list.beforeCommit = () => {
      throw new Error('disk full');
    };
    const results = await Promise.allSettled([write('a'), write('b')]);
    expect(results).toEqual([expect.objectContaining({ status: 'rejected' }), expect.objectContaining({ status: 'rejected' })]);
    list.beforeCommit = () => undefined;
    expect(await write('c')).toBe('c done');
    expect(list.committed).toEqual(['c']);
  });

  test('fails what is left of a transaction that was given up in the middle', async () => {
    const { list, write } = setUp();
    const givingUp = (): string => {
      list.inTransaction = false;
      throw new Error('I/O error');
    };
    const results = await Promise.allSettled([write('a'), write('b', { run: givingUp }), write('c')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(list.committed).toEqual([]);
  });

  test.each(['beforeBegin', 'beforeCommit'] as const)(
    'tries again while the database is busy (%s), taking in what arrives meanwhile',
    async (moment) => {
      const { list, write } = setUp();
      let attempts = 0;
      let late: Promise<string> | undefined;
      list[moment] = () => {
        attempts += 1;
        if (attempts === 2) late = write('b');
        if (attempts < 5) throw new Busy();
      };
      expect(await write('a')).toBe('a done');
      expect(await late).toBe('b done');
      expect(list.transactions).toEqual([['a', 'b']]);
    },
  );

  test('gives up a write at its own deadline, with the error of the database', async () => {
    const { list, write } = setUp();
    let isBusy = true;
    list.beforeBegin = () => {
      if (isBusy) throw new Busy();
    };
    const patient = write('patient');
    await expect(write('hasty', { waitMs: 20 })).rejects.toBeInstanceOf(Busy);
    isBusy = false;
    expect(await patient).toBe('patient done');
    expect(list.committed).toEqual(['patient']);
  });

  test('takes out a write that is aborted before it started, also while the database is busy', async () => {
    const { list, queue } = setUp();
    let isBusy = true;
    list.beforeBegin = () => {
      if (isBusy) throw new Busy();
    };
    const controller = new AbortController();
    const run = vi.fn(() => 'done');
    const request = { run, rows: 1, bytes: 1, operation: 'Store.append', waitMs: 10_000 };
    const aborted = queue.write(request, controller.signal);
    const other = queue.write(request);
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(aborted).rejects.toMatchObject({ code: 'ES_ABORTED', cause: reason, message: 'Store.append was aborted by its signal.' });
    isBusy = false;
    expect(await other).toBe('done');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('does not run a write that another one aborts in the same transaction', async () => {
    const { list, queue, write } = setUp();
    const controller = new AbortController();
    const first = write('a', {
      run: () => {
        controller.abort();
        list.pending.push('a');
        return 'a done';
      },
    });
    const run = vi.fn(() => 'done');
    const second = queue.write({ run, rows: 1, bytes: 1, operation: 'test', waitMs: 10_000 }, controller.signal);
    const third = write('c');
    await expect(second).rejects.toMatchObject({ code: 'ES_ABORTED' });
    expect(await Promise.all([first, third])).toEqual(['a done', 'c done']);
    expect(run).not.toHaveBeenCalled();
  });

  test('an abort after the end changes nothing', async () => {
    const { queue } = setUp();
    const controller = new AbortController();
    const request = { run: () => 'done', rows: 1, bytes: 1, operation: 'test', waitMs: 10_000 };
    expect(await queue.write(request, controller.signal)).toBe('done');
    controller.abort();
  });

  test('drains: waits for what was there, whether it succeeds or not', async () => {
    const { list, queue, write } = setUp();
    const ended: string[] = [];
    void write('a').then((value) => ended.push(value));
    void write('b', {
      run: () => {
        throw new Error('no');
      },
    }).catch(() => ended.push('b failed'));
    await queue.drain();
    expect(ended.sort()).toEqual(['a done', 'b failed']);
    expect(list.committed).toEqual(['a']);
    await queue.drain();
  });
});
