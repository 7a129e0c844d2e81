import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeBlock, Document } from './markdown.ts';

/**
 * One TypeScript module of a document: a block fenced as `ts`, with the blocks fenced as `ts continued` that follow it.
 * Its lines stand where they stand in the document, so that the compiler's line numbers are the document's.
 */
export interface Snippet {
  /** `README.md:12`, the place where it begins. */
  readonly title: string;
  readonly fileName: string;
  readonly text: string;
  /** Whether one of its blocks is fenced as `ts run`. */
  readonly runs: boolean;
}

const javaScript = new Set(['js', 'javascript', 'mjs', 'cjs', 'typescript', 'mts', 'tsx', 'jsx']);
const knownWords = new Set(['run', 'continued']);

const refusal = (document: Document, { line }: CodeBlock, why: string): Error => new Error(`${document.path}:${line - 1}: ${why}`);

const placed = (text: string, block: CodeBlock): string => text + '\n'.repeat(block.line - text.split('\n').length) + block.text;

const append = (document: Document, snippets: Snippet[], block: CodeBlock): void => {
  const runs = block.words.includes('run');
  if (!block.words.includes('continued')) {
    const fileName = `${document.path.replaceAll('/', '__')}-${block.line}.ts`;
    snippets.push({ title: `${document.path}:${block.line}`, fileName, text: placed('', block), runs });
    return;
  }
  const previous = snippets.pop();
  if (previous === undefined) throw refusal(document, block, 'this block continues another, but none stands before it.');
  snippets.push({ ...previous, text: placed(previous.text, block), runs: previous.runs || runs });
};

/**
 * The TypeScript modules of a document.
 * @throws When a block is fenced in a way that would leave it unchecked.
 */
export const snippetsOf = (document: Document): readonly Snippet[] => {
  const snippets: Snippet[] = [];
  for (const block of document.blocks) {
    if (javaScript.has(block.language))
      throw refusal(document, block, `fence this block as \`ts\`, not \`${block.language}\`, so that it is checked.`);
    if (block.language !== 'ts') continue;
    const unknown = block.words.find((word) => !knownWords.has(word));
    if (unknown !== undefined)
      throw refusal(document, block, `\`${unknown}\` means nothing here; a block is \`ts\`, \`ts run\` or \`ts continued\`.`);
    append(document, snippets, block);
  }
  return snippets;
};

const compilerOptions = {
  noEmit: true,
  declaration: false,
  isolatedDeclarations: false,
  // A snippet may show a value without using it.
  noUnusedLocals: false,
  noUnusedParameters: false,
  customConditions: ['@es/source'],
  types: ['node'],
};

/** Writes the snippets and a tsconfig.json for all of them into an emptied folder. */
export const writeSnippets = (folder: string, baseConfig: string, snippets: readonly Snippet[]): void => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { fileName, text } of snippets) writeFileSync(join(folder, fileName), `${text}\n`);
  const config = { extends: baseConfig, compilerOptions, files: snippets.map(({ fileName }) => fileName) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config, null, 2));
};
