import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confluentFolder } from '../src/location.fixture.ts';

const packageFolder = join(import.meta.dirname, '..');
const snippet = /^ {4}import confluent .*\n(?:(?: {4}.*)?\n)*/m.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))?.[0] ?? '';

const folder = join(packageFolder, '.test-results', 'handing-in');
beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const problemsOf = (text: string): string => {
  const compilerOptions = {
    noEmit: true,
    declaration: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    customConditions: ['@es/source'],
    types: ['node'],
    paths: { '@confluentinc/kafka-javascript': [join(confluentFolder ?? '', 'index.d.ts')] },
  };
  writeFileSync(join(folder, 'snippet.ts'), text);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../../tsconfig.base.json', compilerOptions, files: ['snippet.ts'] }),
  );
  return spawnSync('tsc', ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' }).stdout;
};

test('the way of the README to hand the library in compiles against the library’s own types', () => {
  expect(snippet).toContain('confluentKafka(confluent');
  expect(problemsOf(snippet)).toBe('');
});

test('something else than the library does not', () => {
  expect(problemsOf(snippet.replace('(confluent,', '(confluent.Producer,'))).toContain('ConfluentLibrary');
});
