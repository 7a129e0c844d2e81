import type { LogDestination, Logger } from './logger.ts';
import { traceFields } from './trace-fields.ts';

/** Puts the trace fields on every record of a pino logger of yours: `pino({ mixin: pinoTraceMixin() })`. */
export function pinoTraceMixin(): () => object {
  return () => traceFields();
}

/** Sends records to a pino logger, or one of its shape. The trace fields go into the merged object, where a mixin's own replace them. */
export function pinoDestination(target: Logger): LogDestination {
  return {
    isLevelEnabled: (level) => target.isLevelEnabled(level),
    write: ({ level, logger, message, fields }) => target[level]({ logger, ...fields }, message),
  };
}
