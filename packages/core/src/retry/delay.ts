import { AbortedError, throwIfAborted } from '../errors/aborted-error.ts';

const operation = 'A wait between two attempts';

/**
 * Waits.
 *
 * @param ms - Milliseconds; 0 gives others a turn.
 * @throws AbortedError as soon as the signal is aborted.
 */
export async function delay(ms: number, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal, operation);
  await new Promise<void>((resolve, reject) => {
    const done = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const abort = (): void => {
      clearTimeout(timer);
      reject(new AbortedError(operation, signal?.reason));
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
