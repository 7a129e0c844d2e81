import type { DeadLetterStore, StoreCapabilities } from '@es/core';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import type { StoreSetting } from '../conformance/store-fixture.ts';

/** One promise of the dead letter store port. */
export type DeadLetterStoreCase = ConformanceCase<StoreSetting<DeadLetterStore, object>, keyof StoreCapabilities>;
