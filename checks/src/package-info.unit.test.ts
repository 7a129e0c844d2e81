import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outdatedPackageInfo } from '../../scripts/write-package-info.mjs';
import { temporaryFolder } from './temporary-folder.fixture.ts';
import { repositoryRoot } from './workspace.ts';

test('the package-info.ts of every package is in step with its package.json', () => {
  expect(outdatedPackageInfo(repositoryRoot)).toEqual([]);
});

test('a new file and a changed version are noticed', () => {
  const root = temporaryFolder();
  const source = join(root, 'packages', 'a', 'src');
  mkdirSync(source, { recursive: true });
  const setVersion = (version: string) => writeFileSync(join(root, 'packages/a/package.json'), JSON.stringify({ name: '@es/a', version }));

  setVersion('1.2.3');
  expect(outdatedPackageInfo(root)).toEqual([]);
  writeFileSync(join(source, 'package-info.ts'), '');
  const [empty] = outdatedPackageInfo(root);
  expect(empty?.text).toContain(`PACKAGE_NAME: string = '@es/a'`);
  expect(empty?.text).toContain(`PACKAGE_VERSION: string = '1.2.3'`);

  writeFileSync(join(root, empty?.file ?? ''), empty?.text ?? '');
  expect(outdatedPackageInfo(root)).toEqual([]);
  setVersion('1.3.0');
  expect(outdatedPackageInfo(root)).toHaveLength(1);
});
