import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  type Attributes,
  errorType,
  METRIC_DB_OPERATION_DURATION,
  type Metrics,
  type Span,
} from '@es/otel';
import type { StorageDescription } from './event-storage.ts';

interface OperationAttributes {
  readonly span: Attributes;
  readonly metric: Attributes;
}

/** What a storage's database adds to the spans and metrics of its operations; nothing where there is no database. */
export class DatabaseTelemetry {
  readonly #description: StorageDescription;
  readonly #metrics: Metrics;
  readonly #hasDatabase: boolean;
  // An operation's attributes never change, and there are few operations.
  readonly #operations = new Map<string, OperationAttributes>();

  constructor(description: StorageDescription, metrics: Metrics) {
    this.#description = description;
    this.#metrics = metrics;
    this.#hasDatabase = description.attributes[ATTR_DB_SYSTEM_NAME] !== undefined;
  }

  /** The attributes with which an operation's span starts. */
  spanAttributes(operation: string): Attributes {
    return this.#hasDatabase ? this.#attributesOf(operation).span : this.#description.attributes;
  }

  /** Runs an operation and records how long it took. */
  time<T>(operation: string, fn: () => Promise<T>): Promise<T> {
    return this.#hasDatabase ? this.#metrics.time(METRIC_DB_OPERATION_DURATION, () => this.#attributesOf(operation).metric, fn) : fn();
  }

  /** Records how long an operation took that could not be timed as one call; `error` is `undefined` when it succeeded. */
  record(operation: string, seconds: number, error: unknown): void {
    if (!this.#hasDatabase) return;
    const { metric } = this.#attributesOf(operation);
    const attributes = error === undefined ? metric : { ...metric, [ATTR_ERROR_TYPE]: errorType(error) };
    this.#metrics.histogram(METRIC_DB_OPERATION_DURATION).record(seconds, attributes);
  }

  /** Puts the database's own code of a failure on a span, where it gave one. */
  noteStatus(span: Span | undefined, error: unknown): void {
    const code = error === undefined ? undefined : this.#description.statusCodeOf?.(error);
    if (code !== undefined) span?.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, code);
  }

  #attributesOf(operation: string): OperationAttributes {
    let attributes = this.#operations.get(operation);
    if (attributes === undefined) {
      const fixed = this.#description.attributes;
      const summary = `${operation} ${String(fixed[ATTR_DB_COLLECTION_NAME])}`;
      const span: Attributes = { ...fixed, [ATTR_DB_OPERATION_NAME]: operation, [ATTR_DB_QUERY_SUMMARY]: summary };
      // The deprecated `db.system` stays on spans alone, for those who know it from there.
      const { [ATTR_DB_SYSTEM]: _, ...metric } = span;
      attributes = { span, metric };
      this.#operations.set(operation, attributes);
    }
    return attributes;
  }
}
