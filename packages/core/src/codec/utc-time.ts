/** RFC 3339: a date, a time, and how far that is from UTC. */
const pattern = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

// Events come in bursts: many share their millisecond.
let lastText = '1970-01-01T00:00:00Z';
let lastUtc = '1970-01-01T00:00:00.000Z';

/** The same time as events have it: ISO 8601 in UTC with milliseconds; finer fractions are cut off. `undefined` if it is none. */
export function utcTime(text: string): string | undefined {
  if (text === lastText) return lastUtc;
  const milliseconds = pattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) return undefined;
  lastText = text;
  lastUtc = new Date(milliseconds).toISOString();
  return lastUtc;
}

/** Tells whether a text is a time by RFC 3339, which all formats here ask for. */
export function isTime(text: string): boolean {
  return utcTime(text) !== undefined;
}
