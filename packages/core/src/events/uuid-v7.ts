/*
 * Written here, since @es/core may depend on nothing but @es/otel and the types of Standard Schema. `uuid` (zero dependencies, v7 since 10) is
 * the library to prefer where dependencies are free to choose.
 */
const idBytes = 16;
// Asking the system for the randomness of many ids at once costs little more than for one.
const pool = new Uint8Array(idBytes * 256);
let used: number = pool.length;
let lastMilliseconds = 0;
let counter = 0;
const hex: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Makes a UUID of version 7 (RFC 9562, section 5.7): 48 bits of Unix time in milliseconds, then a 12-bit counter that keeps the ids of one
 * process in order within a millisecond (section 6.2, method 1), then 62 random bits.
 *
 * @returns 36 lower-case characters.
 */
export function uuidV7(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + idBytes);
  used += idBytes;
  const now = Date.now();
  if (now > lastMilliseconds) {
    lastMilliseconds = now;
    // Half of the counter's range is left free to count within the millisecond.
    counter = (((bytes[6] ?? 0) & 0x07) << 8) | (bytes[7] ?? 0);
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMilliseconds += 1;
      counter = 0;
    }
  }
  bytes[0] = lastMilliseconds / 2 ** 40;
  bytes[1] = lastMilliseconds / 2 ** 32;
  bytes[2] = lastMilliseconds / 2 ** 24;
  bytes[3] = lastMilliseconds / 2 ** 16;
  bytes[4] = lastMilliseconds / 2 ** 8;
  bytes[5] = lastMilliseconds;
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  let text = '';
  for (let i = 0; i < idBytes; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hex[bytes[i] ?? 0];
  }
  return text;
}
