import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for data that somebody else removes. */
export function makeFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'es-sqlite-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The path of a file that does not exist yet, in a folder that is removed when the test has finished. */
export function temporaryFile(name = 'events.db'): string {
  const { path, remove } = makeFolder();
  onTestFinished(remove);
  return join(path, name);
}
