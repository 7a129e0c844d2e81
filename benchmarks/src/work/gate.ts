/** Holds back whoever comes until it is opened. */
export class Gate {
  #opened: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>();

  /** What to wait for; `undefined` while it is open. */
  get closed(): Promise<void> | undefined {
    return this.#opened?.promise;
  }

  open(): void {
    this.#opened?.resolve();
    this.#opened = undefined;
  }

  close(): void {
    this.#opened ??= Promise.withResolvers();
  }
}
