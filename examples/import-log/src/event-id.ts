import { createHash } from 'node:crypto';

/**
 * The id of the event that a line of a log stands for: the same at every run, so that importing a line again is a retry and not a second event.
 * A UUID of version 8 (RFC 9562, section 5.8): the first bits of a SHA-256 over the log's name, the line's number and its text.
 */
export function eventIdOf(logName: string, line: number, text: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([logName, line, text]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}
