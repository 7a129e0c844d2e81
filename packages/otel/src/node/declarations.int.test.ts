import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { installation } from './installation.fixture.ts';

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** Runs the compiler in a folder; what it complains about, or nothing. */
async function compile(folder: string, options: object, files: readonly string[]): Promise<string> {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { target: 'ES2024', module: 'nodenext', strict: true, types: ['node'], ...options }, files }),
  );
  return promisify(execFile)(process.execPath, [TSC, '-p', folder]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

it('the declarations compile for users who have none of the optional packages', async () => {
  const place = installation();
  for (const name of ['@opentelemetry/api', '@types/node']) place.link(name);
  const emit = {
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    outDir: 'dist',
    rootDir: 'src',
    rewriteRelativeImportExtensions: true,
  };
  expect(await compile(place.folder, emit, ['src/node/index.ts'])).toBe('');
  writeFileSync(
    join(place.folder, 'user.ts'),
    `import { startTelemetry, TelemetryError, TreeSpanExporter } from './dist/node/index.js';
     const telemetry = await startTelemetry({ serviceName: 'shop', traces: ['tree', { exporter: 'otlp', headers: { a: 'b' } }, new TreeSpanExporter()] });
     await telemetry.shutdown().catch((error: unknown) => error instanceof TelemetryError && error.code === 'ES_TELEMETRY_OPTIONS');
     // @ts-expect-error an exporter that there is not
     await startTelemetry({ traces: 'jaeger' });`,
  );
  expect(await compile(place.folder, { noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true }, ['user.ts'])).toBe('');
});
