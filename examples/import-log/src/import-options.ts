import type { CheckpointStore, EventStore } from '@es/core';
import type { Line } from './line-reader.ts';
import type { LogFormat } from './log-format.ts';

/** What an import is made of. */
export interface ImportOptions {
  /** Names the log: part of its events' ids and of its checkpoint. */
  readonly logName: string;
  readonly lines: AsyncIterable<Line>;
  readonly format: LogFormat;
  readonly eventStore: EventStore;
  readonly checkpoints: CheckpointStore;
  /** How many appends may be on their way at once. */
  readonly inFlight: number;
  /** How many lines lie between two checkpoints. */
  readonly checkpointEvery: number;
  /** Ends the import early, but orderly: what is on its way arrives, and the checkpoint is kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** How far an import is. */
export interface ImportProgress {
  /** The last line that is imported, counted from 1. */
  readonly line: number;
  /** Events of this run, those that were there already included. */
  readonly events: number;
}

/** What an import did. */
export interface ImportSummary extends ImportProgress {
  /** Where an earlier run had come to; 0 for none. */
  readonly resumedAfter: number;
  /** Events of this run that an earlier one had appended, but not yet noted in its checkpoint. */
  readonly alreadyThere: number;
  /** Aggregates whose first event this run appended. */
  readonly aggregatesBegun: number;
  /** Whether it was ended early by its signal. */
  readonly stopped: boolean;
}
