/** Calls a function of a consumer that it can do only while it runs. One that has crashed fetches nothing, and says so by throwing. */
export function ifRunning(fn: () => void): void {
  try {
    fn();
  } catch {
    // It has no partitions either.
  }
}
