import assert from 'node:assert/strict';
import { delay } from '@es/core';

const pollMs = 5;

/** Waits until something holds; fails when that takes longer than the deadline, in milliseconds. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > deadline) assert.fail(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await delay(pollMs);
  }
}
