import type { Capability } from '@es/core';
import type { ConformanceCase, ConformanceSection } from './conformance-case.ts';
import { skipTest, type TestRunner } from './test-runner.ts';

/** Makes a test of every case; those whose capability is missing are shown as skipped, with the reason. */
export function registerSections<Setting, Need extends string>(
  runner: TestRunner,
  sections: readonly ConformanceSection<Setting, Need>[],
  capabilities: Readonly<Record<Need, Capability>>,
  runCase: (conformanceCase: ConformanceCase<Setting, Need>) => Promise<void>,
): void {
  for (const { topic, cases } of sections) {
    void runner.describe(topic, () => {
      for (const conformanceCase of cases) {
        const { name, needs } = conformanceCase;
        const capability = needs === undefined ? true : capabilities[needs];
        if (capability === true) void runner.test(name, () => runCase(conformanceCase));
        else skipTest(runner, name, capability.reason);
      }
    });
  }
}
