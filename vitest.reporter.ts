import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What one package's run leaves behind for the repository's closing line. */
interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

const setUpFailed = ({ parent }: TestCase): boolean => {
  for (let above = parent; ; above = above.parent) {
    if (above.errors().length > 0) return true;
    if (above.type === 'module') return false;
  }
};

const skipReason = (test: TestCase): string => {
  const result = test.result();
  if (result.state === 'skipped' && result.note !== undefined) return result.note;
  return setUpFailed(test) ? 'the set-up around it failed' : 'no reason given';
};

/** A file that could not be imported and a hook that threw count as one failure each, beside the tests that failed or never ended. */
const summarize = (modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Summary => {
  let passed = 0;
  let failed = unhandledErrors.length;
  const skipped: { name: string; reason: string }[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'skipped') skipped.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: skipReason(test) });
      else failed += 1;
    }
  }
  return { passed, failed, skipped };
};

/** Writes `.test-results/summary.json` in the package, so that a run over all packages, cached ones included, can be added up. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const folder = join(process.cwd(), '.test-results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summarize(modules, unhandledErrors), null, 2)}\n`);
  }
}
