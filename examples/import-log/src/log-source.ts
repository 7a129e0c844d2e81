import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Line, readLines } from './line-reader.ts';

/** A log that is being read. */
export interface LogSource {
  /** Names the log in the store: the file's name without folders and `.gz`. */
  readonly name: string;
  readonly lines: AsyncIterable<Line>;
  /** How much of the file has been read, 0 to 1; `undefined` where its size is not known. */
  fractionRead(): number | undefined;
}

/**
 * Opens a log for reading from its beginning: NDJSON, or NDJSON packed by gzip when the name ends in `.gz`; `-` is the standard input.
 *
 * @throws Error when the file can't be opened; a read that fails shows when the lines are iterated.
 */
export function openLog(path: string, signal?: AbortSignal): LogSource {
  if (path === '-')
    return { name: 'stdin', lines: readLines(bytesOf('the standard input', process.stdin, false, signal)), fractionRead: () => undefined };
  const { size } = statSync(path);
  const file = createReadStream(path);
  return {
    name: basename(path).replace(/\.gz$/u, ''),
    lines: readLines(bytesOf(path, file, path.endsWith('.gz'), signal)),
    fractionRead: () => (size === 0 ? 1 : file.bytesRead / size),
  };
}

/** The bytes of a stream, unpacked if need be, as fast as they are taken. */
async function* bytesOf(path: string, source: Readable, gzip: boolean, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const end = new PassThrough();
  const options = signal === undefined ? {} : { signal };
  const flow = gzip ? pipeline(source, createGunzip(), end, options) : pipeline(source, end, options);
  // The iteration gets the same error from the last stream; this promise must not be left unhandled.
  flow.catch(() => undefined);
  try {
    yield* end;
  } catch (cause) {
    throw new Error(`Reading ${path} failed: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}
