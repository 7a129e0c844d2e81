import type { JsonValue } from '../events/json.ts';

/** How the state of an aggregate becomes a snapshot and back. */
export interface StateCodec<State> {
  /** Version of the state's shape, a whole number from 1. Raise it whenever the shape or its meaning changes: older snapshots are then passed over. */
  readonly schemaVersion: number;
  /** To JSON; default: the state as it is, which must then be JSON. */
  readonly encode?: (state: State) => JsonValue;
  /** From JSON; what it throws counts as a corrupt snapshot. Default: the JSON as it is. */
  readonly decode?: (json: JsonValue) => State;
}
