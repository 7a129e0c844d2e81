import { basename, join } from 'node:path';
import { type SeedSize, seed } from '../work/seed.ts';
import type { Bar, Finding, Sides } from './row.ts';
import { RunBrokers } from './run-brokers.ts';
import { RunDatabases } from './run-databases.ts';
import { type Need, serverUrlOf } from './run-servers.ts';

/** How much work is done: `full` for figures, `tiny` to see that everything works. */
export type Scale = 'full' | 'tiny';

const seedSizes: Readonly<Record<Scale, SeedSize>> = {
  full: { orders: 19_000, longOrder: 10_000 },
  tiny: { orders: 40, longOrder: 700 },
};

/** Where and how large a scenario works. */
export class Bench {
  readonly scale: Scale;
  readonly #folder: string;
  readonly #sharedFolder: string;

  /**
   * @param folder - The scenario's own; removed when it is done.
   * @param sharedFolder - Of the whole run, with the file of {@link Bench.writeSeed}.
   */
  constructor(scale: Scale, folder: string, sharedFolder: string) {
    this.scale = scale;
    this.#folder = folder;
    this.#sharedFolder = sharedFolder;
  }

  /** A number by scale. */
  pick<T>(full: T, tiny: T): T {
    return this.scale === 'full' ? full : tiny;
  }

  /** How often the sides take turns. */
  rounds(full: number, warmUps: number): { readonly rounds: number; readonly warmUps: number } {
    return this.pick({ rounds: full, warmUps }, { rounds: 2, warmUps: 1 });
  }

  /** A path in the scenario's folder. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** The file with a log to read; made once a run by {@link Bench.writeSeed}. */
  get seedPath(): string {
    return join(this.#sharedFolder, 'seed.db');
  }

  get seedSize(): SeedSize {
    return seedSizes[this.scale];
  }

  /** Databases on the run's PostgreSQL server, which a scenario has if it says that it needs it. */
  get databases(): RunDatabases {
    return new RunDatabases(serverUrlOf('postgres'), process.ppid, basename(this.#folder));
  }

  /** The run's message brokers, likewise. */
  get brokers(): RunBrokers {
    return new RunBrokers(process.ppid, basename(this.#folder));
  }

  writeSeed(): Promise<void> {
    return seed(this.seedPath, this.seedSize);
  }
}

/** One row of the report: what it is called, what it must reach, how it is measured. Runs in a process of its own. */
export interface Scenario {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly bar: Bar | null;
  /** How many processes measure it, one after the other, where one can measure only once; default 1. */
  readonly processes?: number;
  /** A server that it needs; where that can't be had, the row says so. */
  readonly needs?: Need;
  /** What the columns of the two sides are called; default `ours` and `theirs`. */
  readonly sides?: Sides;
  readonly measure: (bench: Bench) => Promise<Finding>;
}

/** Thrown by a scenario that can't run here; the report says why. */
export class CannotRun extends Error {}
