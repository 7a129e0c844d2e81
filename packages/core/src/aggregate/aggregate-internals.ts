/*
 * Methods between an aggregate and its repository. Registered symbols, so that an aggregate and a repository from two copies of this package
 * still find each other, and no name that a subclass could take.
 */

/** Applies a stored event. */
export const REPLAY: unique symbol = Symbol.for('@es/core/aggregate.replay');
/** Takes over the state of a snapshot. */
export const RESTORE: unique symbol = Symbol.for('@es/core/aggregate.restore');
/** Learns that pending events are stored now. */
export const COMMIT: unique symbol = Symbol.for('@es/core/aggregate.commit');
/** The version and position up to which the aggregate is stored. */
export const STORED: unique symbol = Symbol.for('@es/core/aggregate.stored');
