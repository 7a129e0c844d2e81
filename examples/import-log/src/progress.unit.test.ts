import { describe, expect, test } from 'vitest';
import { progressDisplay } from './progress.ts';

function shown(isTTY: boolean): { readonly output: { isTTY: boolean; write(text: string): void }; readonly text: string[] } {
  const text: string[] = [];
  return { output: { isTTY, write: (part) => text.push(part) }, text };
}

describe('progressDisplay', () => {
  test('draws a bar on a terminal, over the one before, and takes it away at the end', () => {
    const { output, text } = shown(true);
    const progress = progressDisplay(output);
    progress.update({ line: 1500, events: 1500 }, 0.5);
    progress.end();
    const erase = '\r\u001b[K';
    expect(text[0]?.startsWith(erase)).toBe(true);
    expect(text[0]?.slice(erase.length)).toMatch(/^█{15}░{15} 50 % {2}line 1,500 {2}[\d,]+ events\/s$/);
    expect(text[1]).toBe(erase);
  });

  test('writes a plain line for each tenth elsewhere', () => {
    const { output, text } = shown(false);
    const progress = progressDisplay(output);
    for (const [line, fraction] of [
      [1, 0.05],
      [2, 0.11],
      [3, 0.19],
      [4, 0.4],
      [5, 1],
    ] as const)
      progress.update({ line, events: line }, fraction);
    progress.end();
    expect(text).toEqual(['line 2 (11 % of the log read)\n', 'line 4 (40 % of the log read)\n', 'line 5 (100 % of the log read)\n']);
  });

  test('writes a plain line for each update where the size is not known', () => {
    const { output, text } = shown(false);
    const progress = progressDisplay(output);
    progress.update({ line: 1000, events: 1000 }, undefined);
    progress.update({ line: 2000, events: 2000 }, undefined);
    expect(text).toEqual(['line 1,000\n', 'line 2,000\n']);
  });
});
