import { parseArgs } from 'node:util';
import type { LogFormat } from './log-format.ts';

/** How the tool is called. */
export const usage = `Usage: import-log import <log> --aggregate-type TYPE [options]
       import-log verify <log> --aggregate-type TYPE [options]

Imports a log of events into a SQLite event store, or compares a store with its log.
<log> is an NDJSON file, one packed by gzip (.gz), or - for the standard input.

  --aggregate-type TYPE   kind of aggregate that the log is about, such as Parcel
  --id-field NAME         field with the aggregate's id (default: id)
  --type-field NAME       field with the event's type (default: type)
  --time-field NAME       field with the time, ISO 8601 with an offset (default: time)
  --store FILE            the SQLite file (default: events.db)
  --name NAME             name of the log in the store (default: the file's name without .gz)
  --in-flight N           appends on their way at once (default: 256)
  --checkpoint-every N    lines between two checkpoints (default: 1000)
  --telemetry             records spans, counts them, and sends them where OTEL_EXPORTER_OTLP_ENDPOINT says
  --help                  shows this`;

/** A call of the tool. */
export interface Call {
  readonly command: 'import' | 'verify';
  readonly log: string;
  readonly format: LogFormat;
  readonly store: string;
  /** `undefined`: the log's own. */
  readonly name: string | undefined;
  readonly inFlight: number;
  readonly checkpointEvery: number;
  readonly telemetry: boolean;
}

/** The tool was called in a way that it does not know. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the command line, without the program's own name.
 *
 * @returns the call, or `undefined` when it asks for help.
 * @throws UsageError with what is wrong.
 */
export function parseArguments(args: readonly string[]): Call | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [command, log, ...more] = positionals;
  if (command !== 'import' && command !== 'verify') throw new UsageError(`The command is import or verify, not ${command ?? 'nothing'}.`);
  if (log === undefined) throw new UsageError(`${command} needs the log to read.`);
  if (more.length > 0) throw new UsageError(`${command} takes one log, not also ${more.join(' ')}.`);
  const aggregateType = values['aggregate-type'];
  if (!aggregateType) throw new UsageError('--aggregate-type is missing: what are the aggregates of this log, Parcel perhaps?');
  return {
    command,
    log,
    format: { aggregateType, idField: values['id-field'], typeField: values['type-field'], timeField: values['time-field'] },
    store: values.store,
    name: values.name,
    inFlight: wholeNumber('in-flight', values['in-flight']),
    checkpointEvery: wholeNumber('checkpoint-every', values['checkpoint-every']),
    telemetry: values.telemetry,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'aggregate-type': { type: 'string' },
        'id-field': { type: 'string', default: 'id' },
        'type-field': { type: 'string', default: 'type' },
        'time-field': { type: 'string', default: 'time' },
        store: { type: 'string', default: 'events.db' },
        name: { type: 'string' },
        'in-flight': { type: 'string', default: '256' },
        'checkpoint-every': { type: 'string', default: '1000' },
        telemetry: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`--${name} is a whole number from 1, not ${text}.`);
}
