import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';

const lockModule = join(import.meta.dirname, 'lock.ts');

describe('withLock', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'es-lock-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (body: string) =>
    spawn(process.execPath, ['--input-type=module', '-e', `import { withLock } from ${JSON.stringify(lockModule)};\n${body}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it('lets one process in at a time', async () => {
    const lock = join(folder, 'count.lock');
    const count = join(folder, 'count');
    writeFileSync(count, '0');
    const body = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { setImmediate } from 'node:timers/promises';
      for (let i = 0; i < 20; i += 1) await withLock(${JSON.stringify(lock)}, async () => {
        const seen = Number(readFileSync(${JSON.stringify(count)}, 'utf8'));
        await setImmediate();
        writeFileSync(${JSON.stringify(count)}, String(seen + 1));
      });`;
    const ends = await Promise.all([1, 2, 3].map(async () => once(run(body), 'exit')));
    expect(ends.map(([status]) => status)).toEqual([0, 0, 0]);
    expect(readFileSync(count, 'utf8')).toBe('60');
  });

  it('is taken over from a holder that died, by one of those who wait', async () => {
    const lock = join(folder, 'dead.lock');
    const holder = run(
      `await withLock(${JSON.stringify(lock)}, async () => { console.log('held'); await new Promise((r) => setTimeout(r, 1e6)); });`,
    );
    await once(holder.stdout, 'data');
    let inside = 0;
    let most = 0;
    const waiting = Array.from({ length: 8 }, () =>
      withLock(lock, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise(setImmediate);
        inside -= 1;
      }),
    );
    holder.kill('SIGKILL');
    await Promise.all(waiting);
    expect(most).toBe(1);
  });

  it('is not taken from a dead holder by more than the one who made its tombstone', async () => {
    const lock = join(folder, 'tombstone.lock');
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 30, started: 'once', token: 'abc' }));
    writeFileSync(`${lock}.abc.dead`, 'by someone else, who is about to remove the lock');
    await expect(withLock(lock, async () => undefined, 200)).rejects.toThrow('is held by');
    expect(existsSync(lock)).toBe(true);
    rmSync(lock);
    expect(await withLock(lock, async () => 'in')).toBe('in');
  });

  it('says who holds it when it can not be had in time', async () => {
    const lock = join(folder, 'held.lock');
    await withLock(lock, async () => {
      await expect(withLock(lock, async () => undefined, 100)).rejects.toThrow(`${lock} is held by process ${process.pid}`);
    });
  });

  it('is free again after an action that failed', async () => {
    const lock = join(folder, 'failed.lock');
    await expect(withLock(lock, () => Promise.reject(new Error('on purpose')))).rejects.toThrow('on purpose');
    expect(await withLock(lock, async () => 'in', 100)).toBe('in');
  });
});
