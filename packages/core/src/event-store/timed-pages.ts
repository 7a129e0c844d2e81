/** What is known of a read when it ends. */
export interface ReadSummary {
  readonly events: number;
  /** Time spent inside the pulls: what the consumer does in between does not count. */
  readonly seconds: number;
  /** What the read failed with; `undefined` when it was finished or abandoned. */
  readonly error: unknown;
}

/** Hands pages on unchanged, and reports once when their iteration ends, is abandoned or fails. */
export async function* timedPages<Event>(
  open: () => AsyncIterable<readonly Event[]>,
  report: (summary: ReadSummary) => void,
): AsyncGenerator<readonly Event[], void> {
  let events = 0;
  let seconds = 0;
  let error: unknown;
  let start = performance.now();
  try {
    for await (const page of open()) {
      seconds += (performance.now() - start) / 1_000;
      events += page.length;
      yield page;
      start = performance.now();
    }
    seconds += (performance.now() - start) / 1_000;
  } catch (cause) {
    error = cause;
    throw cause;
  } finally {
    report({ events, seconds, error });
  }
}
