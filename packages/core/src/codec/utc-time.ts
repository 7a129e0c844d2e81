/** RFC 3339: a date, a time, and how far that is from UTC. */
const pattern = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Tells whether a text is a time by RFC 3339, which all formats here ask for. */
export function isTime(text: string): boolean {
  return pattern.test(text) && !Number.isNaN(Date.parse(text));
}

/** The same time as events have it: ISO 8601 in UTC with milliseconds; finer fractions are cut off. `undefined` if it is none. */
export function utcTime(text: string): string | undefined {
  return isTime(text) ? new Date(text).toISOString() : undefined;
}
