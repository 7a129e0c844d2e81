import type { DeadLetterContent } from './dead-letter.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Keeps the body of a message of which no event could be made: as text if that is what it is, else in base64. */
export function rawContent(body: string | Uint8Array): DeadLetterContent {
  if (typeof body === 'string') return { kind: 'raw', encoding: 'utf8', body };
  try {
    return { kind: 'raw', encoding: 'utf8', body: utf8.decode(body) };
  } catch {
    return { kind: 'raw', encoding: 'base64', body: btoa(Array.from(body, (byte) => String.fromCharCode(byte)).join('')) };
  }
}

/** The body that {@link rawContent} kept. */
export function rawBody(content: DeadLetterContent & { readonly kind: 'raw' }): string | Uint8Array {
  if (content.encoding === 'utf8') return content.body;
  return Uint8Array.from(atob(content.body), (character) => character.charCodeAt(0));
}
