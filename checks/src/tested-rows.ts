import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands in the last cell of a row: a file, and how the title of a test in it begins. */
const mention = /^`([\w.-]+\.test\.ts)`: (.+)…$/;
const title = /\btest(?:\.\w+\([^)]*\))?\(\s*(['"`])(.*?)\1,/g;

/**
 * The rows of a document's tables that don't name a test which exists, each with what is wrong.
 *
 * @param text - The document: every table's last column names a test as `` `file.test.ts`: beginning of its title… ``.
 * @param folder - Where the files with the tests are.
 */
export function untestedRows(text: string, folder: string): readonly string[] {
  return rowsOf(text).flatMap((cells) => {
    const [, file = '', beginning = ''] = mention.exec(cells.at(-1) ?? '') ?? [];
    const row = cells[0] ?? '';
    if (file === '') return [`${row}: names no test`];
    const path = join(folder, file);
    if (!existsSync(path)) return [`${row}: there is no ${file}`];
    return titlesIn(readFileSync(path, 'utf8')).some((one) => one.startsWith(beginning)) ? [] : [`${row}: no test in ${file} begins so`];
  });
}

/** The cells of every row below a table's head. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const isHead = lines[index + 1]?.startsWith('|---') === true;
    return line.startsWith('|') && !isHead && !line.startsWith('|---')
      ? [
          line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ]
      : [];
  });
}

function titlesIn(source: string): readonly string[] {
  return [...source.matchAll(title)].map(([, , found = '']) => found);
}
