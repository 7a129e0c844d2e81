import { consoleDestination } from './console-destination.ts';
import type { LogDestination, LogThreshold } from './logger.ts';

/** What all loggers of a process share. */
export interface LoggingState {
  destination: LogDestination;
  /** Levels by name of the hierarchy; the root's is that of the empty name. */
  readonly thresholds: Map<string, LogThreshold>;
  /** Counts the changes of {@link thresholds}, so that loggers can keep what they looked up. */
  revision: number;
}

// On the process and not in this module: two copies of the package in one installation must obey the same configuration.
const STATE: unique symbol = Symbol.for('@es/otel.logging');
const shared = globalThis as { [STATE]?: LoggingState };

/** The process's logging state, made by whoever asks first. */
export function loggingState(): LoggingState {
  shared[STATE] ??= { destination: consoleDestination(), thresholds: new Map(), revision: 0 };
  return shared[STATE];
}
