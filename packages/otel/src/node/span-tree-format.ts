import { styleText } from 'node:util';
import {
  type Attributes,
  type AttributeValue,
  type Link,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '../attributes.ts';
import type { Branch, EndedSpan, SpanNode } from './span-tree.ts';

const MAX_VALUE_LENGTH = 80;
const MAX_MESSAGE_LENGTH = 200;
const MAX_LINKS = 3;
/** Deeper branches lose the outer part of their indentation, which would make their text grow with the square of the depth. */
const MAX_INDENT_LENGTH = 150;
const SHORT_ID_LENGTH = 8;

/** How branches are written out. */
export interface BranchFormat {
  /** Names of the attributes shown, in this order; `prefix.*` stands for all that begin so, which are shown without the prefix. */
  readonly attributes: readonly string[];
  /** Whether terminal colours are used. */
  readonly colors: boolean;
}

/** What the lines above a span already say. */
interface Above {
  readonly attributes: ReadonlySet<string>;
  readonly message?: string | undefined;
}

type Style = 'bold' | 'dim' | 'red';
type Paint = (style: Style, text: string) => string;

/** A branch as lines of text, a heading with the trace id first and a line feed at the end. */
export function formatBranch(branch: Branch, format: BranchFormat): string {
  const paint: Paint = (style, text) => (format.colors && text !== '' ? styleText(style, text, { validateStream: false }) : text);
  const lines = [heading(branch, paint)];
  const open: { node: SpanNode; above: Above; indent: string; connector: string; childIndent: string }[] = [
    { node: branch.top, above: { attributes: new Set() }, indent: '', connector: '', childIndent: '' },
  ];
  for (let line = open.pop(); line !== undefined; line = open.pop()) {
    const { span } = line.node;
    const attributes = chosenAttributes(span.attributes, format.attributes).filter((text) => !line.above.attributes.has(text));
    lines.push(paint('dim', line.indent + line.connector) + describe(span, attributes, line.above, paint));
    const above: Above = { attributes: new Set([...line.above.attributes, ...attributes]), message: span.status.message };
    const indent = (line.indent + line.childIndent).slice(-MAX_INDENT_LENGTH);
    const last = line.node.children.length - 1;
    // Backwards, because the stack gives them out from its end.
    for (let index = last; index >= 0; index -= 1) {
      const node = line.node.children[index];
      if (node === undefined) continue;
      const isLast = index === last;
      open.push({ node, above, indent, connector: isLast ? '└─ ' : '├─ ', childIndent: isLast ? '   ' : '│  ' });
    }
  }
  return `${lines.join('\n')}\n`;
}

function heading({ place, top }: Branch, paint: Paint): string {
  const parent = top.span.parentSpanContext;
  const where = parent === undefined ? '' : shortId(parent.spanId);
  const notes = {
    root: '',
    remote: ` (continues ${where} of another process)`,
    late: ` (late: its parent ${where} is shown above)`,
    orphan: parent === undefined ? '' : ` (its parent ${where} has not ended here)`,
  };
  return paint('dim', `trace ${top.span.spanContext().traceId}${notes[place]}`);
}

/** What a span has in common with those above it is not said again: an aggregate's id, or the failure that came up through them. */
function describe(span: EndedSpan, attributes: readonly string[], above: Above, paint: Paint): string {
  const parts = [paint('bold', printable(span.name)), milliseconds(span.duration)];
  if (span.kind !== SpanKind.INTERNAL) parts.push(SpanKind[span.kind]);
  if (span.status.code === SpanStatusCode.ERROR) parts.push(paint('red', `✗ ${failure(span, above)}`));
  if (attributes.length > 0) parts.push(paint('dim', attributes.join(' ')));
  if (span.links.length > 0) parts.push(paint('dim', formatLinks(span.links)));
  return parts.join('  ');
}

function chosenAttributes(attributes: Attributes, patterns: readonly string[]): string[] {
  const shown = new Map<string, string>();
  for (const pattern of patterns) {
    const prefix = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined;
    for (const [key, value] of Object.entries(attributes)) {
      const matches = prefix === undefined ? key === pattern : key.startsWith(prefix);
      if (!matches || shown.has(key) || value === undefined) continue;
      shown.set(key, `${printable(key.slice(prefix?.length ?? 0))}=${formatValue(value)}`);
    }
  }
  return [...shown.values()];
}

function formatValue(value: AttributeValue): string {
  const text = Array.isArray(value) ? `[${value.map((item) => String(item)).join(', ')}]` : String(value);
  const short = shorten(text, MAX_VALUE_LENGTH);
  return typeof value === 'string' && (short === '' || /[\s"]/.test(short)) ? printable(JSON.stringify(short)) : printable(short);
}

function failure({ status, attributes }: EndedSpan, above: Above): string {
  const type = attributes[ATTR_ERROR_TYPE];
  const isKnown = status.message !== undefined && status.message === above.message && typeof type === 'string';
  return isKnown ? printable(type) : message(status);
}

/** A message may have several lines; the tree has one for each span. */
function message(status: SpanStatus): string {
  return printable(shorten((status.message ?? '').replace(/\s+/gu, ' ').trim(), MAX_MESSAGE_LENGTH)) || 'failed';
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function formatLinks(links: readonly Link[]): string {
  const shown = links.slice(0, MAX_LINKS).map(({ context }) => `→ ${shortSpan(context)}`);
  const more = links.length - shown.length;
  return more > 0 ? `${shown.join(' ')} and ${more} more` : shown.join(' ');
}

function shortSpan({ traceId, spanId }: SpanContext): string {
  return `${shortId(traceId)}/${shortId(spanId)}`;
}

function shortId(id: string): string {
  return id.slice(0, SHORT_ID_LENGTH);
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): string {
  const value = seconds * 1e3 + nanoseconds / 1e6;
  const decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(decimals)} ms`;
}

/** Names, messages and values come from anywhere: a control character in them must not reach a terminal or break the line. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
