import { BadLineError } from './bad-line-error.ts';

/** One line of a log. */
export interface Line {
  /** Counted from 1, blank lines included. */
  readonly number: number;
  readonly text: string;
}

const LINE_FEED = 10;

/**
 * Splits a stream of UTF-8 bytes into lines, without those that are blank. Pulls no more than it is asked for, so that a slow consumer slows
 * the source down.
 *
 * @throws BadLineError when a line is not UTF-8.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest: Uint8Array = new Uint8Array();
  const take = (bytes: Uint8Array): Line => {
    number += 1;
    try {
      return { number, text: decoder.decode(bytes).trim() };
    } catch (cause) {
      throw new BadLineError(number, undefined, 'it is not UTF-8.', { cause });
    }
  };
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const line = take(bytes.subarray(start, end));
      start = end + 1;
      if (line.text !== '') yield line;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) {
    const line = take(rest);
    if (line.text !== '') yield line;
  }
}
