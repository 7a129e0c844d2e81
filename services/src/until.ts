import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something holds; fails after the deadline, in the words of `what`. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, deadlineMs = 30_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > deadline) assert.fail(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await delay(5);
  }
}
