import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lives, markOf, type ProcessMark, stopProcess } from './processes.ts';

const idle = async (before = ''): Promise<{ child: ChildProcess; mark: ProcessMark }> => {
  const child = spawn(process.execPath, ['-e', `${before}; setInterval(() => {}, 1e6); console.log('there')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  const mark = markOf(child.pid ?? 0);
  if (mark === undefined) throw new Error('The child is not there.');
  return { child, mark };
};

describe('a marked process', () => {
  it('is told from another one of the same id', async () => {
    const { mark } = await idle();
    expect(lives(mark)).toBe(true);
    expect(lives({ ...mark, started: 'at some other time' })).toBe(false);
  });

  it('is not stopped in place of an earlier one of the same id', async () => {
    const { child, mark } = await idle();
    await stopProcess({ ...mark, started: 'at some other time' }, ['SIGKILL'], 1_000);
    expect(child.signalCode).toBeNull();
    expect(lives(mark)).toBe(true);
  });

  it('is gone when stopProcess has resolved', async () => {
    const { mark } = await idle();
    await stopProcess(mark, ['SIGTERM'], 10_000);
    expect(markOf(mark.pid)).toBeUndefined();
  });

  it('gets the next signal if it does not heed the first', async () => {
    const { child, mark } = await idle(`process.on('SIGTERM', () => {})`);
    const ended = once(child, 'exit');
    await stopProcess(mark, ['SIGTERM', 'SIGKILL'], 300);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});
