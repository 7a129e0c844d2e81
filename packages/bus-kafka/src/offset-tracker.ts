import { decodeRuns, encodeRuns } from './offset-runs.ts';

/** A place to commit: everything below the offset is finished, and what the metadata says beyond it. */
export interface CommitPlace {
  readonly offset: number;
  readonly metadata: string;
}

/** How far beyond the oldest unfinished message of a partition others are begun: what is remembered of them stays small. */
export const longestSpan = 50_000;

/** Which messages of a partition are finished: they are begun in their order and finished in any. */
export class OffsetTracker {
  /** In the order of offsets, since they are begun so. */
  readonly #open = new Set<number>();
  #finished: Set<number>;
  #next: number;
  #committed: CommitPlace;

  /** @param committed - Where the group stands. */
  constructor(committed: CommitPlace) {
    this.#committed = committed;
    this.#next = committed.offset;
    this.#finished = new Set(decodeRuns(committed.offset, committed.metadata, longestSpan));
  }

  /** How many offsets there are between the oldest unfinished one and the newest that was begun. */
  get span(): number {
    return this.#next - this.#lowest;
  }

  isFinished(offset: number): boolean {
    return this.#finished.has(offset);
  }

  /** A message is in hand; those below it that were not begun do not exist. */
  begin(offset: number): void {
    this.#open.add(offset);
    this.#next = offset + 1;
  }

  finish(offset: number): void {
    if (this.#open.delete(offset)) this.#finished.add(offset);
  }

  /** Whatever is below this offset and was not begun is of no concern: skipped, or no message. */
  advance(next: number): void {
    this.#next = Math.max(this.#next, next);
  }

  /** What is to be committed; undefined if it is committed already. */
  uncommitted(): CommitPlace | undefined {
    const offset = this.#lowest;
    const beyond = [...this.#finished].filter((finished) => finished >= offset).sort((one, other) => one - other);
    this.#finished = new Set(beyond);
    const metadata = encodeRuns(offset, beyond);
    if (offset === this.#committed.offset && metadata === this.#committed.metadata) return undefined;
    return { offset, metadata };
  }

  /** The broker has this. */
  committed(place: CommitPlace): void {
    this.#committed = place;
  }

  get #lowest(): number {
    for (const offset of this.#open) return offset;
    return this.#next;
  }
}
