/** A place in a lane. */
export interface Turn {
  /** Resolves when all who entered the lane before have left it; `undefined` if nobody is there. */
  readonly comes: Promise<void> | undefined;
  /** Lets the next one have its turn. To be called once, when this one is over. */
  leave(): void;
}

/** Lets those of one key come one after another, in the order in which they entered, and those of different keys at the same time. */
export class KeyedLanes {
  readonly #last: LastTurns = new Map();

  /** Lines up behind all who entered the lane of this key before. */
  enter(key: string | symbol): Turn {
    return new LaneTurn(this.#last, key);
  }
}

/** Who entered each lane last, as long as anyone is in it. */
type LastTurns = Map<string | symbol, LaneTurn>;

class LaneTurn implements Turn {
  readonly comes: Promise<void> | undefined;
  readonly #last: LastTurns;
  readonly #key: string | symbol;
  #callNext: (() => void) | undefined;

  constructor(last: LastTurns, key: string | symbol) {
    this.#last = last;
    this.#key = key;
    const before = last.get(key);
    last.set(key, this);
    if (before !== undefined) {
      this.comes = new Promise((resolve) => {
        before.#callNext = resolve;
      });
    }
  }

  leave(): void {
    if (this.#callNext === undefined) this.#last.delete(this.#key);
    else this.#callNext();
  }
}
