import { ATTR_ERROR_TYPE } from '@es/otel';
import type { RecordedSpan } from './recorded-span.ts';

/** A span and the spans that it is the parent of. */
export interface SpanTree {
  readonly span: RecordedSpan;
  readonly children: readonly SpanTree[];
}

/** What {@link treeText} writes of each span beside its name. */
export interface TreeTextOptions {
  /** Attributes to show, where a span has them. */
  readonly attributes?: readonly string[];
}

/** Nests spans under their parents, keeping their order; a span whose parent is not among them is a root. */
export function spanTrees(spans: readonly RecordedSpan[]): SpanTree[] {
  const nodes = new Map(spans.map((span) => [key(span.traceId, span.spanId), { span, children: [] as SpanTree[] }]));
  const roots: SpanTree[] = [];
  for (const node of nodes.values()) {
    const { traceId, parentSpanId } = node.span;
    const parent = parentSpanId === undefined ? undefined : nodes.get(key(traceId, parentSpanId));
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/**
 * Writes trees one span a line, children indented by two blanks: the name, the kind unless it is INTERNAL, the attributes that were asked
 * for, and `ERROR` with the error's type where the span failed.
 */
export function treeText(trees: readonly SpanTree[], options: TreeTextOptions = {}): string {
  return trees.flatMap((tree) => lines(tree, options, '')).join('\n');
}

function lines({ span, children }: SpanTree, options: TreeTextOptions, indent: string): string[] {
  return [`${indent}${line(span, options)}`, ...children.flatMap((child) => lines(child, options, `${indent}  `))];
}

function line({ name, kind, status, attributes }: RecordedSpan, options: TreeTextOptions): string {
  const words = [name];
  if (kind !== 'INTERNAL') words.push(kind);
  for (const attribute of options.attributes ?? []) {
    const value = attributes[attribute];
    if (value !== undefined) words.push(`${attribute}=${Array.isArray(value) ? value.join(',') : value}`);
  }
  if (status.code === 'ERROR')
    words.push('ERROR', ...(attributes[ATTR_ERROR_TYPE] === undefined ? [] : [String(attributes[ATTR_ERROR_TYPE])]));
  return words.join(' ');
}

function key(traceId: string, spanId: string): string {
  return `${traceId}-${spanId}`;
}
