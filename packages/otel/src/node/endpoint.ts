/** A URL as it may be shown: without user, password, query and fragment, any of which can hold a secret. */
export function displayUrl(url: URL): string {
  return `${url.protocol}//${url.username === '' && url.password === '' ? '' : '***@'}${url.host}${url.pathname}`;
}

/** The URL with `path` when it has none of its own, else unchanged. */
export function withDefaultPath(url: string, path: string): string {
  const parsed = new URL(url);
  if (parsed.pathname === '/') parsed.pathname = path;
  return parsed.href;
}
