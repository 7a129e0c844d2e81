import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cached, keepInCache } from './cache.ts';

/** Makes a file with this content. */
const made = (content: string) => async (draft: string) => {
  const file = join(draft, 'made');
  writeFileSync(file, content);
  return file;
};

const kept = (): readonly string[] => readdirSync(dirname(cached('greeter-1')));

describe('keepInCache', () => {
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), 'es-cache-'));
    vi.stubEnv('XDG_CACHE_HOME', folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    });
  });

  it('keeps what was made, and makes it once', async () => {
    await keepInCache('greeter-1', made('hello'));
    await keepInCache('greeter-1', made('hello again'));
    expect(readFileSync(cached('greeter-1'), 'utf8')).toBe('hello');
    expect(kept()).toEqual(['greeter-1']);
  });

  it('keeps nothing of what failed', async () => {
    const failing = async (draft: string) => {
      await made('half')(draft);
      throw new Error('no more');
    };
    await expect(keepInCache('greeter-1', failing)).rejects.toThrow('no more');
    expect(kept()).toEqual([]);
  });

  it('does not mind that another was faster, whose work is kept', async () => {
    await keepInCache('greeter-1', async (draft) => {
      await keepInCache('greeter-1', made('faster'));
      return join(draft, 'too late');
    });
    expect(readFileSync(cached('greeter-1'), 'utf8')).toBe('faster');
    expect(kept()).toEqual(['greeter-1']);
  });
});
