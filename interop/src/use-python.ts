import { describe, inject, it } from 'vitest';
// For the type of what it provides.
import type {} from './python-set-up.ts';

/** A `describe` with a Python that has eventsource-py. Where it can't be had, one test stands for all of them, skipped with the reason. */
export function describeWithPython(name: string, body: (python: string) => void): void {
  const offer = inject('python');
  if ('python' in offer) describe(name, () => body(offer.python));
  else it(name, ({ skip }) => skip(offer.unavailable));
}
