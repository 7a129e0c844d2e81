import type { ComponentOptions } from '../component-options.ts';
import { BaseSnapshotStore } from './base-snapshot-store.ts';
import { MemorySnapshotStorage } from './memory-snapshot-storage.ts';

/** A snapshot store that lives as long as its object. */
export class InMemorySnapshotStore extends BaseSnapshotStore {
  constructor(options: ComponentOptions = {}) {
    super(new MemorySnapshotStorage(), options);
  }
}
