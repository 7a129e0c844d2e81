import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type Line, readLines } from './line-reader.ts';

async function linesOf(...chunks: readonly (string | Uint8Array)[]): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) lines.push(line);
  return lines;
}

describe('readLines', () => {
  test('cuts at line feeds, wherever the chunks end', async () => {
    const text = '{"a":"Łódź"}\n{"b":2}\r\n{"c":3}';
    const bytes = Buffer.from(text);
    const expected = [
      { number: 1, text: '{"a":"Łódź"}' },
      { number: 2, text: '{"b":2}' },
      { number: 3, text: '{"c":3}' },
    ];
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      expect(await linesOf(...chunks)).toEqual(expected);
    }
  });

  test('counts blank lines and leaves them out, the last one too', async () => {
    expect(await linesOf('\n{}\n\n  \n[]\n')).toEqual([
      { number: 2, text: '{}' },
      { number: 5, text: '[]' },
    ]);
  });

  test('takes a byte order mark for none of the text', async () => {
    expect(await linesOf('\uFEFF{}\n')).toEqual([{ number: 1, text: '{}' }]);
  });

  test('names the line that is not UTF-8', async () => {
    await expect(linesOf('{}\n', Buffer.from([0x22, 0xff, 0x22, 0x0a]))).rejects.toMatchObject({
      code: 'BAD_LINE',
      line: 2,
      message: 'Line 2: it is not UTF-8.',
    });
  });

  test('pulls no more chunks than its consumer asks for', async () => {
    let pulled = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (;;) {
        pulled += 1;
        yield Buffer.from('{}\n{}\n');
      }
    }
    for await (const { number } of readLines(source())) if (number === 5) break;
    expect(pulled).toBe(3);
  });
});
