/**
 * The events of one read, as an async iterable. Nothing is read before it is iterated; each iteration is a read of its own.
 */
export class EventStream<Event> implements AsyncIterable<Event> {
  readonly #pages: AsyncIterable<readonly Event[]>;

  /** @param pages - The events in pages; iterable more than once. */
  constructor(pages: AsyncIterable<readonly Event[]>) {
    this.#pages = pages;
  }

  /** The same events page by page, as they come from the storage: less overhead an event where there are many. */
  pages(): AsyncIterable<readonly Event[]> {
    return this.#pages;
  }

  [Symbol.asyncIterator](): AsyncIterator<Event, undefined> {
    return new PageFlattener(this.#pages[Symbol.asyncIterator]());
  }

  /** All events in one array: for reads that are known to be small. */
  async toArray(): Promise<Event[]> {
    const events: Event[] = [];
    for await (const page of this.#pages) for (const event of page) events.push(event);
    return events;
  }

  /** The first event, if any; the read ends there. */
  async first(): Promise<Event | undefined> {
    for await (const page of this.#pages) return page[0];
    return undefined;
  }
}

/** By hand, since an async generator costs several times as much an event. */
class PageFlattener<Event> implements AsyncIterator<Event, undefined> {
  readonly #pages: AsyncIterator<readonly Event[]>;
  #page: readonly Event[] = [];
  #index = 0;

  constructor(pages: AsyncIterator<readonly Event[]>) {
    this.#pages = pages;
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    if (this.#index < this.#page.length) return Promise.resolve(this.#take());
    return this.#turnPage();
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    this.#page = [];
    this.#index = 0;
    await this.#pages.return?.();
    return { done: true, value: undefined };
  }

  #take(): IteratorResult<Event, undefined> {
    const value = this.#page[this.#index] as Event;
    this.#index += 1;
    return { done: false, value };
  }

  async #turnPage(): Promise<IteratorResult<Event, undefined>> {
    for (;;) {
      const { done, value } = await this.#pages.next();
      if (done === true) return { done: true, value: undefined };
      this.#page = value;
      this.#index = 0;
      if (value.length > 0) return this.#take();
    }
  }
}
