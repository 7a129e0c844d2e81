import assert from 'node:assert/strict';
import type { OperationOptions } from '@es/core';
import type { ConformanceCase } from './conformance-case.ts';
import { rejectsWith } from './expectations.ts';
import type { StoreSetting } from './store-fixture.ts';

/** An operation of a port, with arguments under which it succeeds while the component is open. */
export interface Operation<Store> {
  readonly name: string;
  readonly run: (store: Store, options?: OperationOptions) => Promise<unknown>;
}

/** What every operation of every component does when its signal is aborted, and after the component was closed. */
export function lifecycleTraits<Store extends AsyncDisposable & { close(): Promise<void> }, Options>(
  operations: readonly Operation<Store>[],
): readonly ConformanceCase<StoreSetting<Store, Options>, never>[] {
  return operations.flatMap(({ name, run }) => [
    {
      name: `${name} works with a signal that nobody aborts`,
      run: async ({ store }) => {
        await run(store, { signal: new AbortController().signal });
        await run(store);
      },
    },
    {
      name: `${name} fails with an AbortedError when its signal is aborted, with the reason as cause`,
      run: async ({ store }) => {
        const reason = new Error('no longer needed');
        const error = await rejectsWith('ES_ABORTED', run(store, { signal: AbortSignal.abort(reason) }));
        assert.deepEqual([(error as Error).name, (error as Error).cause], ['AbortError', reason]);
        await run(store);
      },
    },
    {
      name: `${name} fails with a ClosedError after close`,
      run: async ({ store }) => {
        await store.close();
        await rejectsWith('ES_CLOSED', run(store));
      },
    },
    {
      name: `${name} fails with a ClosedError while closing, and after disposal`,
      run: async ({ store, open }) => {
        const closing = store.close();
        await rejectsWith('ES_CLOSED', run(store));
        await closing;
        const disposed = await open();
        await disposed[Symbol.asyncDispose]();
        await rejectsWith('ES_CLOSED', run(disposed));
      },
    },
  ]);
}
