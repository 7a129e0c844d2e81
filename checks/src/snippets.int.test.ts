import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDocument, readDocuments } from './markdown.ts';
import { run } from './run.ts';
import { snippetsOf, writeSnippets } from './snippets.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';
import { repositoryRoot } from './workspace.ts';

const folder = join(repositoryRoot, 'checks', '.snippets');
const snippets = readDocuments(repositoryRoot).flatMap(snippetsOf);
writeSnippets(folder, '../../tsconfig.base.json', snippets);

describe('the snippets of the documents', () => {
  test('exist', () => {
    expect(snippets.length).toBeGreaterThan(0);
  });

  test('compile', () => {
    expect(run('tsc', ['-p', folder, '--pretty', 'false'], { cwd: folder })).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.for(snippets.filter(({ runs }) => runs))('run: $title', ({ fileName }) => {
    const outcome = run('tsx', ['--conditions=@es/source', join(folder, fileName)], { cwd: temporaryFolder() });
    expect(outcome.status, outcome.stderr).toBe(0);
  });
});

describe('snippetsOf', () => {
  const document = (...lines: string[]) => parseDocument('guide.md', lines.join('\n'));

  test('joins a block with those that continue it, each at its own line', () => {
    expect(snippetsOf(document('# Guide', '```ts', 'const a = 1;', '```', 'and then', '```ts run continued', 'a;', '```'))).toEqual([
      { title: 'guide.md:3', fileName: 'guide.md-3.ts', text: '\n\nconst a = 1;\n\n\n\na;', runs: true },
    ]);
  });

  test('leaves other languages alone', () => {
    expect(snippetsOf(document('```bash', 'npm test', '```'))).toEqual([]);
  });

  test.for([
    ['```ts ignore', '`ignore` means nothing here'],
    ['```js', 'fence this block as `ts`'],
    ['```ts continued', 'none stands before it'],
  ] as const)('refuses %s', ([fence, why]) => {
    expect(() => snippetsOf(document('', fence, 'x;', '```'))).toThrow(why);
    expect(() => snippetsOf(document('', fence, 'x;', '```'))).toThrow('guide.md:2: ');
  });
});
