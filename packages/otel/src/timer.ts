/** Measures one operation, from the moment when it was made until one of its methods is called. Never throws. */
export interface Timer {
  /** Records how long it took. */
  succeeded(): void;
  /** Records how long it took until it failed, with `error.type` by the rule that spans follow too. */
  failed(error: unknown): void;
}
