/** Whether a component can do something; a "no" says why. */
export type Capability = true | { readonly supported: false; readonly reason: string };

/** What a store of any kind may or may not be able to do. Adapters export a manifest; it says what their conformance suite runs, and fills the docs' tables. */
export interface StoreCapabilities {
  /** What was stored outlives the store object: another one, opened later on the same data, has it. */
  readonly durable: Capability;
  /** Several store objects, in one process or many, can work on the same data at the same time. */
  readonly multipleConnections: Capability;
}

/** What an event store may or may not be able to do. */
export interface EventStoreCapabilities extends StoreCapabilities {
  /** `readAll` can filter by tags. */
  readonly tagFilter: Capability;
}

/** What an event bus may or may not be able to do. */
export interface EventBusCapabilities {
  /** What was published, and dead letters, outlive the bus object and its process; events wait for consumers that come later. */
  readonly durable: Capability;
  /** Several bus objects, in one process or many, share the events of a consumer group, and every group gets every event. */
  readonly consumerGroups: Capability;
  /** The events of an aggregate are handled in their order also where several bus objects share the events of a consumer group. */
  readonly orderedGroups: Capability;
  /** An event that nobody would ever get is refused when it is published. */
  readonly refusesUnroutable: Capability;
}
