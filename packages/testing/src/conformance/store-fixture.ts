/** A place where stores keep their data: a database of its own, empty at first. */
export interface StoreFixture<Store, Options> {
  /** Opens a store on the data, with the options handed in. Called again, it opens another store on the same data. The suite closes it. */
  open(options: Options): Store | Promise<Store>;
  /** Removes the data; called once, after the stores were closed. */
  cleanup?(): void | Promise<void>;
}

/** Makes a place for data. Called once for every case. */
export type CreateStoreFixture<Store, Options> = () => StoreFixture<Store, Options> | Promise<StoreFixture<Store, Options>>;

/** What a case gets to work with. */
export interface StoreSetting<Store, Options> {
  /** A store on an empty database. */
  readonly store: Store;
  /** Opens another store on the same database. */
  open(options?: Options): Promise<Store>;
}

/** Runs a function with a store on a database of its own, then closes what was opened and removes the data. */
export async function withStore<Store extends { close(): Promise<void> }, Options extends object>(
  create: CreateStoreFixture<Store, Options>,
  defaults: Options,
  fn: (setting: StoreSetting<Store, Options>) => Promise<void>,
): Promise<void> {
  const fixture = await create();
  const opened: Store[] = [];
  const open = async (options?: Options): Promise<Store> => {
    const store = await fixture.open({ ...defaults, ...options });
    opened.push(store);
    return store;
  };
  try {
    await fn({ store: await open(), open });
    for (const store of opened) await store.close();
  } finally {
    // Closing is idempotent; after a failure it must not hide what failed.
    await Promise.allSettled(opened.map((store) => store.close()));
    await fixture.cleanup?.();
  }
}
