import type { Scale } from './bench.ts';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';

/** What one run writes to `results/`. */
export interface Report {
  readonly date: string;
  readonly scale: Scale;
  /** Whether all scenarios ran, not only some that were asked for. */
  readonly complete: boolean;
  readonly seconds: number;
  readonly machine: Machine;
  readonly packages: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}
