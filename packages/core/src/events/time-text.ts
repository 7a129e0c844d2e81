import { InvalidArgumentError } from '../errors/argument-error.ts';

// Events come in bursts: most share their millisecond, or are checked right after they were made.
let lastTime = Number.NaN;
let lastText = '';

/**
 * A time as ISO 8601 text in UTC with milliseconds; now, if none is given.
 *
 * @throws InvalidArgumentError when it is not a time.
 */
export function timeText(time: Date | string | undefined, eventType: string): string {
  if (time === lastText) return lastText;
  const milliseconds = time === undefined ? Date.now() : new Date(time).getTime();
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError(`The occurredAt of a ${eventType} event is not a time: ${String(time)}.`);
  if (milliseconds !== lastTime) {
    lastText = new Date(milliseconds).toISOString();
    lastTime = milliseconds;
  }
  return lastText;
}
