import { type Attributes, type AttributeValue, type Logger, logs, SeverityNumber } from '@opentelemetry/api';
import type { LogDestination, LogLevel, LogRecord } from '../logger.ts';
import { loggingState } from '../logging-state.ts';
import { TELEMETRY_LOGGER } from './delivery-failures.ts';

const SEVERITY: Readonly<Record<LogLevel, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

/** The SDK takes these from the current span by itself. */
const TRACE_FIELDS: ReadonlySet<string> = new Set(['trace_id', 'span_id', 'trace_flags']);

/**
 * Sends what components log to OpenTelemetry too, beside the log destination that was configured before. Returns what undoes that; a
 * destination that was configured later stays.
 */
export function bridgeLogs(): () => void {
  const state = loggingState();
  const before = state.destination;
  const bridge = teeTo(before);
  state.destination = bridge;
  return () => {
    if (state.destination === bridge) state.destination = before;
  };
}

function teeTo(before: LogDestination): LogDestination {
  const loggers = new Map<string, Logger>();
  return {
    write: (record) => {
      try {
        if (before.isLevelEnabled?.(record.level) !== false) before.write(record);
      } finally {
        if (record.logger !== TELEMETRY_LOGGER) loggerOf(record.logger, loggers).emit(asOtelRecord(record));
      }
    },
  };
}

function loggerOf(name: string, loggers: Map<string, Logger>): Logger {
  const known = loggers.get(name);
  if (known !== undefined) return known;
  const logger = logs.getLoggerProvider().getLogger(name);
  loggers.set(name, logger);
  return logger;
}

function asOtelRecord({ level, time, message, fields }: LogRecord): Parameters<Logger['emit']>[0] {
  const record = { timestamp: time, severityNumber: SEVERITY[level], severityText: level, attributes: attributesOf(fields) };
  return message === undefined ? record : { ...record, body: message };
}

function attributesOf(fields: LogRecord['fields']): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(fields)) {
    if (TRACE_FIELDS.has(name) || value === undefined || value === null) continue;
    if (value instanceof Error) Object.assign(attributes, exceptionAttributes(value));
    else attributes[name] = attributeValue(value);
  }
  return attributes;
}

/** The names that the semantic conventions give to an exception. */
function exceptionAttributes({ name, message, stack }: Error): Attributes {
  const attributes: Attributes = { 'exception.type': name, 'exception.message': message };
  return stack === undefined ? attributes : { ...attributes, 'exception.stacktrace': stack };
}

function attributeValue(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? String(value);
  } catch {
    // A circular object: that it was there is all that can be said.
    return Object.prototype.toString.call(value);
  }
}
