import { getLogger, type Logger } from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import type { StorageDescription } from './event-storage.ts';

/**
 * Logs what fails in a store, within the span of the operation: a database's failure as an error, since an operator must act; anything else
 * (a conflict, data that is not valid) for debugging, since the caller has been told.
 */
export class FailureLog {
  readonly #component: string;
  readonly #logger: Logger;

  constructor(description: StorageDescription, options: ComponentOptions) {
    this.#component = description.component;
    this.#logger = options.logger ?? getLogger(description.logger);
  }

  async watch<T>(operation: string, fields: object, fn: () => Promise<T>): Promise<T> {
    try {
      return await fn();
    } catch (error) {
      this.report(operation, fields, error);
      throw error;
    }
  }

  report(operation: string, fields: object, error: unknown): void {
    const level = isDatabaseFailure(error) ? 'error' : 'debug';
    if (this.#logger.isLevelEnabled(level)) this.#logger[level]({ err: error, ...fields }, `${this.#component}.${operation} failed`);
  }
}

function isDatabaseFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ES_STORAGE_');
}
