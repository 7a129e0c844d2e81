import type { LogDestination, LogLevel } from './logger.ts';

/** The part of `console` that {@link consoleDestination} writes to. */
export interface ConsoleLike {
  debug(...data: unknown[]): void;
  info(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
}

const METHOD_BY_LEVEL: Readonly<Record<LogLevel, keyof ConsoleLike>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};

/**
 * Writes each record as one line, with its fields after it when there are any: `2026-01-31T12:00:00.000Z WARN eventsource.stores.sqlite: …`.
 *
 * In Node the levels from `warn` up go to standard error, the others to standard output.
 *
 * @param target - The console to write to; the global one when absent.
 */
export function consoleDestination(target: ConsoleLike = globalThis.console): LogDestination {
  return {
    write: ({ level, time, logger, message = '', fields }) => {
      const line = `${new Date(time).toISOString()} ${level.toUpperCase()} ${logger}: ${message}`.trimEnd();
      const rest = Object.keys(fields).length === 0 ? [] : [fields];
      // The line as an argument: a percent sign in a message must not be taken for a format.
      target[METHOD_BY_LEVEL[level]]('%s', line, ...rest);
    },
  };
}
