import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Document } from './markdown.ts';

const isElsewhere = (target: string): boolean => /^[a-z][a-z\d+.-]*:/i.test(target);

const brokenBecause = (root: string, from: Document, target: string, documents: ReadonlyMap<string, Document>): string | undefined => {
  const [path = '', fragment] = target.split('#');
  const to = path === '' ? from.path : posix.join(posix.dirname(from.path), decodeURIComponent(path));
  const document = to === from.path ? from : documents.get(to);
  if (to.startsWith('../')) return 'leads out of the repository';
  if (document === undefined && !existsSync(join(root, to))) return 'there is no such file';
  if (fragment === undefined) return undefined;
  return document === undefined || document.anchors.has(fragment) ? undefined : 'there is no such heading';
};

/** The links between the repository's documents and files that lead nowhere, as `file:line: target: reason`. */
export const brokenLinks = (root: string, documents: readonly Document[]): readonly string[] => {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  return documents.flatMap((from) =>
    from.links
      .filter(({ target }) => !isElsewhere(target))
      .flatMap(({ target, line }) => {
        const reason = brokenBecause(root, from, target, byPath);
        return reason === undefined ? [] : `${from.path}:${line}: ${target}: ${reason}`;
      }),
  );
};
