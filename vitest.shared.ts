import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const decoratorLine = /^\s*(@[A-Za-z_$][\w$.]*|(static\s+)?accessor\s)/m;

/** Vite's own transformer leaves standard decorators and `accessor` in its output, where Node can't run them: such files go through esbuild first. */
const decorators = {
  name: 'es:standard-decorators',
  enforce: 'pre' as const,
  async transform(code: string, id: string): Promise<{ code: string; map: string } | undefined> {
    const file = id.split('?')[0] ?? id;
    if (!/\.[cm]?ts$/.test(file) || file.includes('/node_modules/') || !decoratorLine.test(code)) return undefined;
    const result = await transform(code, { loader: 'ts', target: 'node22', format: 'esm', sourcemap: 'external', sourcefile: file });
    return { code: result.code, map: result.map };
  },
};

/** The configuration that every package's tests share: they run on the sources, so that no build is needed. */
const shared: ViteUserConfig = defineConfig({
  plugins: [decorators],
  resolve: { conditions: ['@es/source', 'node', 'module', 'default'] },
  ssr: { resolve: { conditions: ['@es/source', 'node', 'module', 'default'] } },
  test: {
    include: ['src/**/*.{unit,int,e2e}.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // vitest guesses by a folder named `es` or `esm` what Node can't import by itself; a clone of this repository may be such a folder.
    server: { deps: { external: [/\/node_modules\/(?!.*\/esm?\/)/] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ['default', fileURLToPath(new URL('./vitest.reporter.ts', import.meta.url))],
    typecheck: { enabled: false },
  },
});

export default shared;
