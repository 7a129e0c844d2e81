import { expect, test } from 'vitest';
import { brokenLinks } from './links.ts';
import { parseDocument, readDocuments } from './markdown.ts';
import { repositoryRoot } from './workspace.ts';

test('every link between documents and files leads somewhere', () => {
  expect(brokenLinks(repositoryRoot, readDocuments(repositoryRoot))).toEqual([]);
});

test('a missing file, a missing heading and a way out of the repository are found', () => {
  const document = parseDocument(
    'packages/README.md',
    [
      '# Some `title`, twice',
      '[a](./gone.md) [b](../package.json) [c](#some-title-twice) [d](#nothing)',
      '![e](../../picture.png) [f](https://example.org/x) [g][h]',
      '',
      '[h]: core/gone.md#x',
    ].join('\n'),
  );
  expect(brokenLinks(repositoryRoot, [document])).toEqual([
    'packages/README.md:2: ./gone.md: there is no such file',
    'packages/README.md:2: #nothing: there is no such heading',
    'packages/README.md:3: ../../picture.png: leads out of the repository',
    'packages/README.md:5: core/gone.md#x: there is no such file',
  ]);
});
