import type { OperationOptions } from '../event-store/event-store.ts';

/**
 * Remembers how far each subscription has read. Every operation fails with a ClosedError after `close()`, with an AbortedError when its signal
 * is aborted, and with a StorageError when the database fails.
 */
export interface CheckpointStore extends AsyncDisposable {
  /** @returns the position up to which the subscription has processed everything; `undefined` if it has no checkpoint. */
  load(subscription: string, options?: OperationOptions): Promise<bigint | undefined>;
  /** Sets the checkpoint, also backwards. */
  save(subscription: string, position: bigint, options?: OperationOptions): Promise<void>;
  /** @returns whether there was one. */
  delete(subscription: string, options?: OperationOptions): Promise<boolean>;
  /** Closes; calling it again does nothing. */
  close(): Promise<void>;
}
