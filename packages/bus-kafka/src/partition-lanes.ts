/** What is brought along a lane. */
export interface LaneLoad {
  /** Names the partition that it is of. */
  readonly key: string;
  /** How many records there are in it. */
  readonly size: number;
  readonly deliver: () => Promise<void>;
}

/** Brings what was fetched to whoever reads: partitions beside one another, what is of one partition one after another, and nothing of one that is held. */
export class PartitionLanes {
  readonly #limit: number;
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #holds = new Map<string, PromiseWithResolvers<void>>();
  readonly #sizes = new Map<string, number>();
  #failure: { readonly reason: unknown } | undefined;

  /** @param limit - From how many records on, not counting those that are held, there should not come more. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Puts something at the end of its lane. */
  add({ key, size, deliver }: LaneLoad): void {
    this.#sizes.set(key, (this.#sizes.get(key) ?? 0) + size);
    const lane = (this.#lanes.get(key) ?? Promise.resolve())
      .then(() => this.#holds.get(key)?.promise)
      .then(deliver)
      .catch((reason: unknown) => {
        this.#failure ??= { reason };
      })
      .then(() => {
        this.#sizes.set(key, (this.#sizes.get(key) ?? size) - size);
        if (this.#lanes.get(key) === lane) this.#lanes.delete(key);
      });
    this.#lanes.set(key, lane);
  }

  /**
   * Resolves when there is room.
   *
   * @throws what a delivery has thrown.
   */
  async whenRoom(): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      const open = [...this.#lanes].filter(([key]) => !this.#holds.has(key));
      const underway = open.reduce((sum, [key]) => sum + (this.#sizes.get(key) ?? 0), 0);
      if (underway < this.#limit) return;
      await Promise.race(open.map(([, lane]) => lane));
    }
  }

  /** Resolves when nothing of a partition is under way; what is held of it counts. */
  async whenEmpty(key: string): Promise<void> {
    await this.#lanes.get(key);
  }

  /** Delivers nothing more of a partition until it is released. */
  hold(key: string): void {
    if (!this.#holds.has(key)) this.#holds.set(key, Promise.withResolvers());
  }

  release(key: string): void {
    this.#holds.get(key)?.resolve();
    this.#holds.delete(key);
  }

  /** Delivers everything that is there. */
  async drain(): Promise<void> {
    for (const key of [...this.#holds.keys()]) this.release(key);
    await Promise.all(this.#lanes.values());
  }
}
