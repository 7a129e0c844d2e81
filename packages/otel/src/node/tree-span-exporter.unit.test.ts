import { afterEach, describe, expect, it, vi } from 'vitest';
import { endedSpan } from './ended-span.fixture.ts';
import { DEFAULT_TREE_ATTRIBUTES, type SpanExportResult, TreeSpanExporter } from './tree-span-exporter.ts';

const ROOT = endedSpan({ id: 'root', attributes: { 'eventsource.version': 3, 'db.system.name': 'sqlite', 'http.route': '/' } });
const CHILD = endedSpan({ id: 'child', parent: 'root' });

function recordingExporter(options: ConstructorParameters<typeof TreeSpanExporter>[0] = {}) {
  let text = '';
  const exporter = new TreeSpanExporter({ ...options, write: (chunk) => (text += chunk) });
  return { exporter, text: () => text };
}

function exportTo(exporter: TreeSpanExporter, ...spans: (typeof ROOT)[]): SpanExportResult | undefined {
  let result: SpanExportResult | undefined;
  exporter.export(spans, (given) => {
    result = given;
  });
  return result;
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('TreeSpanExporter', () => {
  it('prints a trace when its root is exported, not before', () => {
    const { exporter, text } = recordingExporter();
    expect(exportTo(exporter, CHILD)).toEqual({ code: 0 });
    expect(text()).toBe('');
    exportTo(exporter, ROOT);
    expect(text()).toMatch(/^trace [\w.]{32}\nroot {2}1\.00 ms {2}version=3 db\.system\.name=sqlite\n└─ child {2}1\.00 ms\n$/);
  });

  it('prints what still waits on forceFlush, and on shutdown', async () => {
    const { exporter, text } = recordingExporter();
    exportTo(exporter, CHILD);
    await exporter.forceFlush();
    expect(text()).toContain('child');
    exportTo(exporter, endedSpan({ id: 'second', parent: 'root' }));
    await exporter.shutdown();
    expect(text()).toContain('second');
  });

  it('shows the attributes it is told to', () => {
    const { exporter, text } = recordingExporter({ attributes: ['http.route'] });
    exportTo(exporter, ROOT);
    expect(text()).toContain('root  1.00 ms  http.route=/\n');
  });

  it('keeps no more traces and spans than it is told to', () => {
    const traces = recordingExporter({ maxTraces: 1 });
    exportTo(traces.exporter, CHILD, endedSpan({ id: 'other', trace: 'u', parent: 'root' }));
    expect(traces.text()).toContain('child');
    const spans = recordingExporter({ maxSpans: 1 });
    exportTo(spans.exporter, CHILD, endedSpan({ id: 'second', parent: 'root' }));
    expect(spans.text()).toContain('second');
  });

  it('reports a write that throws as a failed export', () => {
    const exporter = new TreeSpanExporter({
      write: () => {
        throw new Error('pipe closed');
      },
    });
    expect(exportTo(exporter, ROOT)).toMatchObject({ code: 1, error: { message: 'pipe closed' } });
  });

  it('has its default attributes frozen', () => {
    expect(DEFAULT_TREE_ATTRIBUTES).toEqual(['eventsource.*', 'db.system.name', 'messaging.destination.name', 'error.type']);
    expect(Object.isFrozen(DEFAULT_TREE_ATTRIBUTES)).toBe(true);
  });

  describe('colours', () => {
    const ttyBefore = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');

    afterEach(() => {
      if (ttyBefore === undefined) Reflect.deleteProperty(process.stdout, 'isTTY');
      else Object.defineProperty(process.stdout, 'isTTY', ttyBefore);
    });

    /** What an exporter without `write` prints on a standard output that is, or is not, a terminal. */
    function printed(isTTY: boolean, options?: ConstructorParameters<typeof TreeSpanExporter>[0]): string {
      Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true });
      let text = '';
      vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
        text += String(chunk);
        return true;
      });
      exportTo(new TreeSpanExporter(options), ROOT);
      vi.restoreAllMocks();
      return text;
    }

    it('are used on a terminal only', () => {
      vi.stubEnv('NO_COLOR', undefined);
      expect(printed(true)).toContain('\u001b[1mroot');
      expect(printed(false)).not.toContain('\u001b');
    });

    it('are not used when NO_COLOR is set and not empty', () => {
      vi.stubEnv('NO_COLOR', '1');
      expect(printed(true)).not.toContain('\u001b');
      vi.stubEnv('NO_COLOR', '');
      expect(printed(true)).toContain('\u001b');
    });

    it('can be demanded and refused', () => {
      vi.stubEnv('NO_COLOR', '1');
      expect(printed(false, { colors: true })).toContain('\u001b');
      vi.stubEnv('NO_COLOR', undefined);
      expect(printed(true, { colors: false })).not.toContain('\u001b');
    });
  });
});
