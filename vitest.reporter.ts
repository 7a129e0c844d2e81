import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** What one package's run leaves behind for the repository's closing line. */
interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Writes `.test-results/summary.json` in the package, so that a run over all packages, cached ones included, can be added up. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    const skipped: { name: string; reason: string }[] = [];
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'skipped')
          skipped.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: result.note ?? 'no reason given' });
        else failed += 1;
      }
    }
    const summary: Summary = { passed, failed, skipped };
    const folder = join(process.cwd(), '.test-results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  }
}
