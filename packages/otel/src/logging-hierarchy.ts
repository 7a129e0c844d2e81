import { ROOT_LOGGER, rankOf, setThreshold, thresholdOf } from './log-levels.ts';
import type { LogDestination, Logger, LogLevel, LogMethod, LogThreshold, NamedLogger } from './logger.ts';
import { loggingState } from './logging-state.ts';
import { pinoDestination } from './pino-hooks.ts';
import { traceFields } from './trace-fields.ts';
import { UsageError } from './usage-error.ts';
import { withoutThrowing } from './without-throwing.ts';

/** What {@link configureLogging} sets; anything left out stays as it is. */
export interface LoggingOptions {
  /** Where the records of all loggers go: a destination, or a pino logger. The console at first. */
  destination?: LogDestination | Logger | undefined;
  /** Level of every name that has no level of its own and none above it; `warn` at first. */
  level?: LogThreshold | undefined;
  /** Levels by name; each holds for the names below it too. */
  levels?: Readonly<Record<string, LogThreshold>> | undefined;
}

/**
 * Configures the logging of every component in the process, also of those that are already running.
 *
 * @throws {@link UsageError} for an unknown level, or a destination that is none.
 */
export function configureLogging({ destination, level, levels = {} }: LoggingOptions): void {
  if (destination !== undefined) loggingState().destination = asDestination(destination);
  if (level !== undefined) setThreshold(ROOT_LOGGER, level);
  for (const [name, own] of Object.entries(levels)) setThreshold(name, own);
}

/**
 * The logger of a name in the hierarchy, such as `eventsource.stores.sqlite`.
 *
 * Each record made inside a span carries the trace fields (see {@link traceFields}), none outside.
 */
export function getLogger(name: string): NamedLogger {
  return new HierarchyLogger(name, {});
}

class HierarchyLogger implements NamedLogger {
  readonly name: string;
  readonly trace: LogMethod = this.#method('trace');
  readonly debug: LogMethod = this.#method('debug');
  readonly info: LogMethod = this.#method('info');
  readonly warn: LogMethod = this.#method('warn');
  readonly error: LogMethod = this.#method('error');
  readonly fatal: LogMethod = this.#method('fatal');
  readonly #bindings: object;
  #rank = 0;
  #revision = -1;

  constructor(name: string, bindings: object) {
    this.name = name;
    this.#bindings = bindings;
  }

  child(bindings: object): Logger {
    return new HierarchyLogger(this.name, { ...this.#bindings, ...bindings });
  }

  isLevelEnabled(level: LogLevel): boolean {
    const { revision, destination } = loggingState();
    if (revision !== this.#revision) {
      this.#rank = rankOf(thresholdOf(this.name));
      this.#revision = revision;
    }
    return rankOf(level) >= this.#rank && destination.isLevelEnabled?.(level) !== false;
  }

  setLevel(level: LogThreshold | undefined): void {
    setThreshold(this.name, level);
  }

  #method(level: LogLevel): LogMethod {
    return (first: object | string, message?: string) => {
      if (!this.isLevelEnabled(level)) return;
      if (typeof first === 'string') this.#write(level, {}, first);
      else if (first instanceof Error) this.#write(level, { err: first }, message ?? first.message);
      else this.#write(level, first, message);
    };
  }

  #write(level: LogLevel, given: object, message: string | undefined): void {
    const fields = { ...traceFields(), ...this.#bindings, ...given };
    const record = { level, time: Date.now(), logger: this.name, fields };
    withoutThrowing(`writing a log record of '${this.name}'`, () =>
      loggingState().destination.write(message === undefined ? record : { ...record, message }),
    );
  }
}

function asDestination(given: LogDestination | Logger): LogDestination {
  if ('setLevel' in given) {
    throw new UsageError(
      'A logger made by getLogger() writes to the log destination and cannot be it: hand over a pino logger or an object with write(record).',
    );
  }
  if (isPinoShaped(given)) return pinoDestination(given);
  if (typeof given.write === 'function') return given;
  throw new UsageError('A log destination is a pino logger or an object with write(record).');
}

function isPinoShaped(given: LogDestination | Logger): given is Logger {
  const { fatal, child, isLevelEnabled } = given as Partial<Logger>;
  return typeof fatal === 'function' && typeof child === 'function' && typeof isLevelEnabled === 'function';
}
