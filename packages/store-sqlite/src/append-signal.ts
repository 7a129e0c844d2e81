/** Listeners by file: connections of one process to one file wake each other at once. Those of other processes are polled for. */
const listeners = new Map<unknown, Set<() => void>>();

/** Tells everyone in this process who waits for it that something was appended to a file. */
export function signalAppend(file: unknown): void {
  for (const listener of listeners.get(file) ?? []) listener();
}

/**
 * Listens to appends of this process to a file.
 *
 * @returns what ends it.
 */
export function onAppend(file: unknown, listener: () => void): () => void {
  const own = listeners.get(file) ?? new Set();
  listeners.set(file, own.add(listener));
  return () => {
    own.delete(listener);
    if (own.size === 0) listeners.delete(file);
  };
}
