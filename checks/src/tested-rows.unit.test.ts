import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { untestedRows } from './tested-rows.ts';
import { repositoryRoot } from './workspace.ts';

test('every row about what can delay the feed names the test that holds it true', () => {
  const text = readFileSync(join(repositoryRoot, 'docs', 'what-can-delay-the-postgres-feed.md'), 'utf8');
  expect(text.match(/\.test\.ts`: /g)?.length).toBeGreaterThan(10);
  expect(untestedRows(text, join(repositoryRoot, 'packages', 'store-postgres', 'src'))).toEqual([]);
});

test('rows without a test, or with one that is not there, are found', () => {
  const text = [
    '| what | test |',
    '|---|---|',
    '| good | `tested-rows.unit.test.ts`: rows without a test… |',
    '| none | – |',
    '| gone | `gone.unit.test.ts`: rows… |',
    '| renamed | `tested-rows.unit.test.ts`: lines without… |',
  ].join('\n');
  expect(untestedRows(text, import.meta.dirname)).toEqual([
    'none: names no test',
    'gone: there is no gone.unit.test.ts',
    'renamed: no test in tested-rows.unit.test.ts begins so',
  ]);
});
