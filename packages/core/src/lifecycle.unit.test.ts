import { describe, expect, test } from 'vitest';
import { Lifecycle } from './lifecycle.ts';

describe('Lifecycle', () => {
  test('is open until closing begins, and closes once', async () => {
    const lifecycle = new Lifecycle('Thing');
    let released = 0;
    lifecycle.assertOpen('work');
    const release = async (): Promise<void> => {
      released += 1;
    };
    await Promise.all([lifecycle.close(release), lifecycle.close(release)]);

    expect(released).toBe(1);
    expect(lifecycle.signal.aborted).toBe(true);
    expect(() => lifecycle.assertOpen('work')).toThrow(
      expect.objectContaining({ code: 'ES_CLOSED', message: expect.stringContaining('Thing.work') }),
    );
  });

  test('names the operation that a signal ended, and keeps its reason', () => {
    const reason = new Error('enough');

    expect(() => new Lifecycle('Thing').assertOpen('work', AbortSignal.abort(reason))).toThrow(
      expect.objectContaining({ code: 'ES_ABORTED', name: 'AbortError', cause: reason }),
    );
  });
});
