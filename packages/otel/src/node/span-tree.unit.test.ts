import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endedSpan, type SpanSketch } from './ended-span.fixture.ts';
import { type Branch, SpanForest, type SpanNode } from './span-tree.ts';

const ROOMY = { maxTraces: 100, maxSpans: 1_000 };

/** A branch in short: `place:top(child child(grandchild))`. */
function short({ place, top }: Branch): string {
  return `${place}:${shortNode(top)}`;
}

function shortNode({ span, children }: SpanNode): string {
  return children.length === 0 ? span.name : `${span.name}(${children.map(shortNode).join(' ')})`;
}

function feed(forest: SpanForest, ...sketches: SpanSketch[]): string[] {
  return sketches.flatMap((sketch) => forest.add(endedSpan(sketch)).map(short));
}

describe('SpanForest', () => {
  it('holds children back until the root has ended, then hands out the whole tree in the order of the starts', () => {
    const forest = new SpanForest(ROOMY);
    expect(
      feed(forest, { id: 'c2', parent: 'root', start: 5 }, { id: 'g', parent: 'c1', start: 2 }, { id: 'c1', parent: 'root', start: 1 }),
    ).toEqual([]);
    expect(feed(forest, { id: 'root' })).toEqual(['root:root(c1(g) c2)']);
    expect(forest.drain()).toEqual([]);
  });

  it('takes a span whose parent is in another process for the top of its branch', () => {
    const forest = new SpanForest(ROOMY);
    expect(feed(forest, { id: 'child', parent: 'server' }, { id: 'server', parent: 'far', parentIsRemote: true })).toEqual([
      'remote:server(child)',
    ]);
  });

  it('hands out a span that ends after its parent as late, with its own children under it', () => {
    const forest = new SpanForest(ROOMY);
    feed(forest, { id: 'root' });
    expect(feed(forest, { id: 'g', parent: 'slow' }, { id: 'slow', parent: 'root' })).toEqual(['late:slow(g)']);
  });

  it('keeps traces apart', () => {
    const forest = new SpanForest(ROOMY);
    expect(feed(forest, { id: 'a', trace: '1', parent: 'r' }, { id: 'r', trace: '2' }, { id: 'r', trace: '1' })).toEqual([
      'root:r',
      'root:r(a)',
    ]);
  });

  it('drains what waits as orphans, and lets their parent follow without them', () => {
    const forest = new SpanForest(ROOMY);
    feed(forest, { id: 'g', parent: 'c' }, { id: 'c', parent: 'root' });
    expect(forest.drain().map(short)).toEqual(['orphan:c(g)']);
    expect(feed(forest, { id: 'root' })).toEqual(['root:root']);
  });

  it('gives up waiting for the oldest trace when there are too many', () => {
    const forest = new SpanForest({ maxTraces: 2, maxSpans: 1_000 });
    feed(forest, { id: 'a', trace: '1', parent: 'x' }, { id: 'b', trace: '2', parent: 'x' });
    expect(feed(forest, { id: 'c', trace: '3', parent: 'x' })).toEqual(['orphan:a']);
  });

  it('gives up waiting for the oldest trace when there are too many spans', () => {
    const forest = new SpanForest({ maxTraces: 100, maxSpans: 3 });
    feed(forest, { id: 'a', trace: '1', parent: 'b' }, { id: 'b', trace: '1', parent: 'x' }, { id: 'c', trace: '2', parent: 'x' });
    expect(feed(forest, { id: 'd', trace: '2', parent: 'x' })).toEqual(['orphan:b(a)']);
  });

  it('forgets spans that are each other’s ancestors instead of keeping them for ever', () => {
    const forest = new SpanForest(ROOMY);
    feed(forest, { id: 'a', parent: 'b' }, { id: 'b', parent: 'a' });
    forest.drain();
    expect(feed(forest, { id: 'c', parent: 'a' })).toEqual([]);
    expect(forest.drain().map(short)).toEqual(['orphan:c']);
  });

  it('copes with a trace deeper than the call stack', () => {
    const depth = 20_000;
    const forest = new SpanForest({ maxTraces: 1, maxSpans: depth });
    for (let at = depth - 1; at > 0; at -= 1) forest.add(endedSpan({ id: `s${at}`, parent: `s${at - 1}` }));
    const [branch] = forest.add(endedSpan({ id: 's0' }));
    let deepest = branch?.top;
    let levels = 0;
    for (; deepest !== undefined; deepest = deepest.children[0]) levels += 1;
    expect(levels).toBe(depth);
  });

  it('hands out every span exactly once, in whatever order they end and however little it may keep', () => {
    const trees = fc.array(fc.record({ parent: fc.nat(), remote: fc.boolean(), order: fc.nat() }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(trees, fc.integer({ min: 1, max: 10 }), (spans, maxSpans) => {
        const forest = new SpanForest({ maxTraces: 2, maxSpans });
        const sketches = spans.map(({ parent, remote, order }, index): SpanSketch & { order: number } => ({
          id: `s${index}`,
          trace: `${index % 3}`,
          order,
          ...(index > 2 ? { parent: `s${(index % 3) + 3 * (parent % Math.floor(index / 3))}`, parentIsRemote: remote } : {}),
        }));
        const branches = sketches.sort((a, b) => a.order - b.order).flatMap((sketch) => forest.add(endedSpan(sketch)));
        const names = [...branches, ...forest.drain()].flatMap(({ top }) => namesUnder(top));
        expect(names.sort()).toEqual(sketches.map(({ id }) => id).sort());
      }),
    );
  });
});

function namesUnder({ span, children }: SpanNode): string[] {
  return [span.name, ...children.flatMap(namesUnder)];
}
