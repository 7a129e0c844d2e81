import type { ComponentOptions, SnapshotStore, StoreCapabilities } from '@es/core';
import type { ConformanceCase, ConformanceSection } from '../conformance/conformance-case.ts';
import type { ExpectedTelemetry } from '../conformance/expected-telemetry.ts';
import type { StoreSetting } from '../conformance/store-fixture.ts';

/** What a case about snapshot stores gets to work with. */
export interface SnapshotStoreSetting extends StoreSetting<SnapshotStore, ComponentOptions> {
  readonly telemetry: ExpectedTelemetry;
}

/** One promise of the snapshot store port. */
export type SnapshotStoreCase = ConformanceCase<SnapshotStoreSetting, keyof StoreCapabilities>;

/** Promises about one topic. */
export type SnapshotStoreSection = ConformanceSection<SnapshotStoreSetting, keyof StoreCapabilities>;
