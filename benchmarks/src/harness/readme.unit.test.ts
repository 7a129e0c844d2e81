import { expect, test } from 'vitest';
import { withResults } from './readme.ts';

const marked = (between: string): string => `# Title\n<!-- results:start -->${between}<!-- results:end -->\nEnd`;

test('results replace what stood between the marks, and again the same', () => {
  const once = withResults(marked('\nold\n'), 'new');
  expect(once).toBe(marked('\n\nnew\n\n'));
  expect(withResults(once, 'new')).toBe(once);
});

test.each(['# Title', marked('').replace('start', 'x'), '<!-- results:end --><!-- results:start -->'])(
  'a document without the marks is refused: %j',
  (text) => {
    expect(() => withResults(text, 'new')).toThrow('results:start');
  },
);
