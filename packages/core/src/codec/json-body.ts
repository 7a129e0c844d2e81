const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses the body of a message.
 *
 * @throws Error that does not quote the body, unlike the parser's own.
 */
export function parseJsonBody(body: string | Uint8Array): unknown {
  return parseJson(textOf(body), 'it');
}

/** @param what - What the text is, as the beginning of the error's message. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${what} is not JSON`);
  }
}

function textOf(body: string | Uint8Array): string {
  if (typeof body === 'string') return body;
  try {
    return utf8.decode(body);
  } catch {
    throw new Error('it is not text in UTF-8');
  }
}
