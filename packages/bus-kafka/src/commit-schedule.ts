import type { Logger } from '@es/otel';

/** After how many finished messages offsets are committed at once, so that little is repeated after a crash. */
const commitAfter = 1_000;

/** What a schedule works with. */
export interface CommitScheduleParts {
  readonly intervalMs: number;
  readonly logger: Logger;
  /** Commits what there is to commit. */
  readonly commit: () => Promise<void>;
}

/** Commits every now and then, one commit after another. */
export class CommitSchedule {
  readonly #parts: CommitScheduleParts;
  #finished = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: CommitScheduleParts) {
    this.#parts = parts;
  }

  /** A message is finished. */
  finished(): void {
    this.#finished += 1;
    if (this.#finished === commitAfter) void this.flush();
    else this.#schedule();
  }

  /** Resolves when what is finished now has been committed, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#finished = 0;
    this.#running = this.#running.then(() => this.#commit());
    return this.#running;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer ??= setTimeout(() => void this.flush(), this.#parts.intervalMs);
  }

  async #commit(): Promise<void> {
    try {
      await this.#parts.commit();
    } catch (error) {
      this.#parts.logger.info(
        { err: error },
        'Offsets could not be committed and will be committed again, or their messages delivered again',
      );
      this.#schedule();
    }
  }
}
