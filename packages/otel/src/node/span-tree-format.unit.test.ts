import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { endedSpan, type SpanSketch } from './ended-span.fixture.ts';
import { SpanForest } from './span-tree.ts';
import { formatBranch } from './span-tree-format.ts';

const ID = (start: string) => start.padEnd(32, '.');

function format(sketches: readonly SpanSketch[], attributes: readonly string[] = [], colors = false): string {
  const forest = new SpanForest({ maxTraces: 10, maxSpans: 100 });
  return sketches
    .flatMap((sketch) => forest.add(endedSpan(sketch)))
    .map((branch) => formatBranch(branch, { attributes, colors }))
    .join('');
}

/** The line of the only span. */
function line(sketch: Omit<SpanSketch, 'id'>, attributes: readonly string[] = []): string {
  return format([{ id: 'a', name: 'work', ...sketch }], attributes).split('\n')[1] ?? '';
}

describe('a branch in text', () => {
  it('is a heading with the trace id and a line a span, connected by their nesting', () => {
    const text = format([
      { id: 'g1', parent: 'c1', start: 2 },
      { id: 'c1', parent: 'r', start: 1 },
      { id: 'g2', parent: 'c2', start: 4 },
      { id: 'c2', parent: 'r', start: 3 },
      { id: 'r', duration: 12.34 },
    ]);
    expect(text).toBe(
      [`trace ${ID('t')}`, 'r  12.3 ms', '├─ c1  1.00 ms', '│  └─ g1  1.00 ms', '└─ c2  1.00 ms', '   └─ g2  1.00 ms', ''].join('\n'),
    );
  });

  it('says in the heading why the branch stands by itself', () => {
    expect(format([{ id: 'a', parent: 'far', parentIsRemote: true }])).toContain(
      `trace ${ID('t')} (continues far..... of another process)\n`,
    );
    expect(format([{ id: 'a' }, { id: 'b', parent: 'a' }])).toContain(`trace ${ID('t')} (late: its parent a....... is shown above)\n`);
    const forest = new SpanForest({ maxTraces: 1, maxSpans: 1 });
    forest.add(endedSpan({ id: 'a', parent: 'open' }));
    const [orphan] = forest.drain();
    expect(orphan && formatBranch(orphan, { attributes: [], colors: false })).toContain('(its parent open.... has not ended here)\n');
  });

  it('does not say again what a line above says: attributes and the failure that came up through the spans', () => {
    const status = { code: SpanStatusCode.ERROR, message: 'expected version 1' };
    const failed = { 'eventsource.aggregate.id': 't-1', 'error.type': 'ES_CONCURRENCY' };
    const text = format(
      [
        { id: 'append', parent: 'save', start: 1, status, attributes: { ...failed, 'db.system.name': 'sqlite' } },
        { id: 'save', status, attributes: failed },
      ],
      ['eventsource.*', 'db.system.name'],
    );
    expect(text.split('\n').slice(1, 3)).toEqual([
      'save  1.00 ms  ✗ expected version 1  aggregate.id=t-1',
      '└─ append  1.00 ms  ✗ ES_CONCURRENCY  db.system.name=sqlite',
    ]);
  });

  it('gives durations in milliseconds, with fewer decimals the longer they are', () => {
    expect(line({ duration: 0.0123 })).toBe('work  0.01 ms');
    expect(line({ duration: 45.67 })).toBe('work  45.7 ms');
    expect(line({ duration: 61_234 })).toBe('work  61234 ms');
  });

  it('names the kind unless it is INTERNAL', () => {
    expect(line({ kind: SpanKind.CLIENT })).toBe('work  1.00 ms  CLIENT');
    expect(line({ kind: SpanKind.INTERNAL })).toBe('work  1.00 ms');
  });

  it('marks an error with its message in one line', () => {
    expect(line({ status: { code: SpanStatusCode.ERROR, message: 'first\n  second' } })).toBe('work  1.00 ms  ✗ first second');
    expect(line({ status: { code: SpanStatusCode.ERROR } })).toBe('work  1.00 ms  ✗ failed');
    expect(line({ status: { code: SpanStatusCode.OK, message: 'fine' } })).toBe('work  1.00 ms');
  });

  it('shows the chosen attributes in the order of the choice, those of a prefix without it', () => {
    const attributes = { other: 1, 'es.b': true, 'es.a': 2, 'db.system.name': 'sqlite' };
    expect(line({ attributes }, ['db.system.name', 'es.*'])).toBe('work  1.00 ms  db.system.name=sqlite b=true a=2');
  });

  it('shows no attribute twice', () => {
    expect(line({ attributes: { 'es.a': 1 } }, ['es.a', 'es.*'])).toBe('work  1.00 ms  es.a=1');
  });

  it('quotes values that would run together, writes lists in brackets, and shortens long ones', () => {
    expect(line({ attributes: { k: 'two words' } }, ['k'])).toContain('k="two words"');
    expect(line({ attributes: { k: '' } }, ['k'])).toContain('k=""');
    expect(line({ attributes: { k: ['A', 'B'] } }, ['k'])).toContain('k=[A, B]');
    expect(line({ attributes: { k: 'x'.repeat(500) } }, ['k'])).toMatch(/k=x{79}…$/);
  });

  it('shows links as short ids, the first three of many', () => {
    const link = (id: string) => ({ context: { traceId: ID(id), spanId: id.padEnd(16, '.'), traceFlags: 1 } });
    expect(line({ links: [link('abc')] })).toBe('work  1.00 ms  → abc...../abc.....');
    expect(line({ links: ['1', '2', '3', '4', '5'].map(link) })).toBe(
      'work  1.00 ms  → 1......./1....... → 2......./2....... → 3......./3....... and 2 more',
    );
  });

  it('does not let a deep branch grow with the square of its depth', () => {
    const depth = 5_000;
    const forest = new SpanForest({ maxTraces: 1, maxSpans: depth });
    for (let at = depth - 1; at > 0; at -= 1) forest.add(endedSpan({ id: `s${at}`, parent: `s${at - 1}` }));
    const [branch] = forest.add(endedSpan({ id: 's0' }));
    const text = branch === undefined ? '' : formatBranch(branch, { attributes: [], colors: false });
    expect(text.split('\n')).toHaveLength(depth + 2);
    expect(text.length).toBeLessThan(depth * 200);
  });

  it('lets no control character through to the terminal', () => {
    const evil = 'a\u001b[31m\u0007\u202eb\u009b';
    const text = format(
      [{ id: 'a', name: evil, attributes: { [`k${evil}`]: evil }, status: { code: SpanStatusCode.ERROR, message: evil } }],
      ['k*'],
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('a\\u{1b}[31m\\u{7}\\u{202e}b\\u{9b}  1.00 ms');
  });

  it('uses colours only when told to, and is the same text without them', () => {
    const sketches: SpanSketch[] = [
      { id: 'b', parent: 'a', status: { code: SpanStatusCode.ERROR, message: 'no' }, attributes: { k: 1 } },
      { id: 'a' },
    ];
    const coloured = format(sketches, ['k'], true);
    expect(coloured).toContain('\u001b[31m✗ no\u001b[39m');
    expect(
      coloured
        .split('\u001b')
        .map((part, index) => (index === 0 ? part : part.replace(/^\[\d+m/, '')))
        .join(''),
    ).toBe(format(sketches, ['k']));
  });
});
