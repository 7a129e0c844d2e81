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

/** A report with some of its rows measured again, on the same machine. */
export const renewed = (report: Report, measured: Report): Report => {
  if (report.scale !== measured.scale || report.machine.processor !== measured.machine.processor)
    throw new Error('Rows can be renewed only by the same machine, at the same scale.');
  const rows = new Map(measured.rows.map((row) => [row.id, row]));
  return {
    ...report,
    seconds: report.seconds + measured.seconds,
    packages: { ...report.packages, ...measured.packages },
    rows: report.rows.map((row) => rows.get(row.id) ?? row),
  };
};
