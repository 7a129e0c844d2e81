import type { AbortedError } from './aborted-error.ts';
import type { AggregateNotFoundError } from './aggregate-not-found-error.ts';
import type { InvalidArgumentError } from './argument-error.ts';
import type { BrokerError, BrokerErrorCode } from './broker-error.ts';
import type { ClosedError } from './closed-error.ts';
import type { ConcurrencyError } from './concurrency-error.ts';
import type { EventDataError } from './event-data-error.ts';
import type { EventDefinitionError } from './event-definition-error.ts';
import type { EventIdConflictError } from './event-id-conflict-error.ts';
import type { PublishError, PublishErrorCode } from './publish-error.ts';
import type { SnapshotError } from './snapshot-error.ts';
import type { StorageError, StorageErrorCode } from './storage-error.ts';
import type { UnknownEventTypeError } from './unknown-event-type-error.ts';
import type { UpcastError } from './upcast-error.ts';

/** Which error has which code. */
export interface ErrorsByCode
  extends Readonly<Record<StorageErrorCode, StorageError>>,
    Readonly<Record<BrokerErrorCode, BrokerError>>,
    Readonly<Record<PublishErrorCode, PublishError>> {
  readonly ES_ABORTED: AbortedError;
  readonly ES_AGGREGATE_NOT_FOUND: AggregateNotFoundError;
  readonly ES_CLOSED: ClosedError;
  readonly ES_CONCURRENCY: ConcurrencyError;
  readonly ES_EVENT_DEFINITION: EventDefinitionError;
  readonly ES_EVENT_ID_CONFLICT: EventIdConflictError;
  readonly ES_INVALID_ARGUMENT: InvalidArgumentError;
  readonly ES_INVALID_EVENT_DATA: EventDataError;
  readonly ES_SNAPSHOT_CORRUPT: SnapshotError;
  readonly ES_UNKNOWN_EVENT_TYPE: UnknownEventTypeError;
  readonly ES_UPCAST: UpcastError;
}

/** Tells whether a caught value is an error with a stable code, and narrows it; works across copies of a package. */
export function hasErrorCode<Code extends keyof ErrorsByCode>(error: unknown, code: Code): error is ErrorsByCode[Code];
export function hasErrorCode(error: unknown, code: string): boolean;
export function hasErrorCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
