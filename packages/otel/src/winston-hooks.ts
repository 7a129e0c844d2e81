import { traceFields } from './trace-fields.ts';

/** A winston format, as far as `winston.format.combine` and `createLogger` ask for one. */
export interface WinstonFormat {
  transform<T extends object>(info: T): T;
}

/** Puts the trace fields on every record of a winston logger of yours: `format.combine(winstonTraceFormat(), format.json())`. */
export function winstonTraceFormat(): WinstonFormat {
  return { transform: (info) => Object.assign(info, traceFields()) };
}
