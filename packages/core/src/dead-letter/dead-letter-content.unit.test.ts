import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawBody, rawContent } from './dead-letter-content.ts';

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? new TextEncoder().encode(body) : body);

test('text stays readable, other bytes become base64', () => {
  expect(rawContent(new TextEncoder().encode('{"zürich":1}'))).toEqual({ kind: 'raw', encoding: 'utf8', body: '{"zürich":1}' });
  expect(rawContent(Uint8Array.of(0xff, 0x00))).toEqual({ kind: 'raw', encoding: 'base64', body: '/wA=' });
});

test('any bytes come back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const content = rawContent(bytes);
      expect(content.kind === 'raw' ? [...bytesOf(rawBody(content))] : undefined).toEqual([...bytes]);
    }),
  );
});
