import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import type { Code, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString as textOf } from 'mdast-util-to-string';
import { visit } from 'unist-util-visit';

/** One fenced block of a document: its language, the words behind it, its text, and the line on which the text begins. */
export interface CodeBlock {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

/** A Markdown file of the repository, parsed. `path` is relative to the root, with forward slashes. */
export interface Document {
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  readonly links: readonly { readonly target: string; readonly line: number }[];
  /** The fragments under which its headings are reached. */
  readonly anchors: ReadonlySet<string>;
}

const blockOf = (node: Code): CodeBlock => ({
  language: node.lang ?? '',
  words: node.meta?.split(/\s+/).filter((word) => word !== '') ?? [],
  text: node.value,
  line: (node.position?.start.line ?? 0) + 1,
});

/** Parses one document. */
export const parseDocument = (path: string, text: string): Document => {
  const tree: Root = fromMarkdown(text);
  const slugger = new GithubSlugger();
  const blocks: CodeBlock[] = [];
  const links: { target: string; line: number }[] = [];
  const anchors = new Set<string>();
  visit(tree, (node) => {
    if (node.type === 'code') blocks.push(blockOf(node));
    if (node.type === 'heading') anchors.add(slugger.slug(textOf(node)));
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      links.push({ target: node.url, line: node.position?.start.line ?? 0 });
  });
  return { path, blocks, links, anchors };
};

/** Every document under `root` that people read, changelogs aside: those are written by the release. */
export const readDocuments = (root: string): readonly Document[] =>
  globSync(['*.md', '.changeset/README.md', '.github/**/*.md', 'docs/**/*.md', '{packages,examples}/*/*.md', '{benchmarks,checks}/*.md'], {
    cwd: root,
  })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.endsWith('CHANGELOG.md'))
    .sort()
    .map((path) => parseDocument(path, readFileSync(join(root, path), 'utf8')));
