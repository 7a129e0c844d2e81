const longestPauseMs = 8;

/**
 * How long to wait before the next attempt at a database that is busy: short, since SQLite keeps no queue and whoever asks often gets a turn;
 * jittered, so that several processes don't ask in step.
 */
export function pauseMs(attempt: number): number {
  return 1 + Math.random() * Math.min(2 ** attempt, longestPauseMs);
}
