import { EventSourcingError } from './event-sourcing-error.ts';

/**
 * Why a database refused: `ES_STORAGE_BUSY` (others held it for the whole deadline), `ES_STORAGE_FULL` (no room left), `ES_STORAGE_READ_ONLY`,
 * `ES_STORAGE_CORRUPT` (not a database, or damaged), `ES_STORAGE_SCHEMA` (made by newer code), `ES_STORAGE_UNAVAILABLE` (can't be opened or
 * reached), `ES_STORAGE_FAILURE` (anything else; see the cause).
 */
export type StorageErrorCode =
  | 'ES_STORAGE_BUSY'
  | 'ES_STORAGE_CORRUPT'
  | 'ES_STORAGE_FAILURE'
  | 'ES_STORAGE_FULL'
  | 'ES_STORAGE_READ_ONLY'
  | 'ES_STORAGE_SCHEMA'
  | 'ES_STORAGE_UNAVAILABLE';

/** A database failed; never a conflict. The driver's own error is the cause. */
export class StorageError extends EventSourcingError {
  declare readonly code: StorageErrorCode;

  /** @param message - What was tried, on what, why it failed, and what to do; without secrets. */
  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
