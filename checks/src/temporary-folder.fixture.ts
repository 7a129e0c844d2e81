import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Makes a folder outside the repository that is gone when the running test ends. Its name has a space, as people's folders do. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'es checks '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
