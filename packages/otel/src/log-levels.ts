import type { LogThreshold } from './logger.ts';
import { loggingState } from './logging-state.ts';
import { UsageError } from './usage-error.ts';

/** Name of the hierarchy's root, above every other name. */
export const ROOT_LOGGER = '';
const DEFAULT_LEVEL: LogThreshold = 'warn';

const RANKS: Readonly<Record<LogThreshold, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5, silent: 6 };

/** How serious a level is, for comparing. */
export function rankOf(level: LogThreshold): number {
  return RANKS[level];
}

/** Sets or takes back the level of a name. */
export function setThreshold(name: string, level: LogThreshold | undefined): void {
  if (level !== undefined && !Object.hasOwn(RANKS, level)) {
    const where = name === ROOT_LOGGER ? 'all loggers' : `logger '${name}'`;
    throw new UsageError(`Unknown log level '${String(level)}' for ${where}: use one of ${Object.keys(RANKS).join(', ')}.`);
  }
  const state = loggingState();
  if (level === undefined) state.thresholds.delete(name);
  else state.thresholds.set(name, level);
  state.revision++;
}

/** The level of a name: its own, or that of the nearest name above which has one. */
export function thresholdOf(name: string): LogThreshold {
  const { thresholds } = loggingState();
  for (let at = name; at !== ROOT_LOGGER; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const level = thresholds.get(at);
    if (level !== undefined) return level;
  }
  return thresholds.get(ROOT_LOGGER) ?? DEFAULT_LEVEL;
}
