import { ConcurrencyError } from '../errors/concurrency-error.ts';
import { EventDefinitionError } from '../errors/event-definition-error.ts';
import { type ExpectedVersion, meetsExpectedVersion } from '../event-store/append-condition.ts';
import type { AppendResult, OperationOptions } from '../event-store/event-store.ts';
import type { DomainEvent, EventDraft } from '../events/event.ts';
import type { AnyEventDefinition, EventOf } from '../events/event-definition.ts';
import { EventRegistry } from '../events/event-registry.ts';
import type { JsonValue } from '../events/json.ts';
import { stampEvent } from '../events/stamp-event.ts';
import { currentMessageContext } from '../message/message-context.ts';
import { type RetryPolicy, resolveRetryPolicy } from '../retry/retry-policy.ts';
import type { AggregateModel, Loaded } from './aggregate-model.ts';
import { AggregateStore, type AggregateStoreOptions } from './aggregate-store.ts';
import { conflictRetryDefaults } from './conflict-retry.ts';
import type { Decider } from './decider.ts';

/** What a command handler is made of. */
export interface CommandHandlerOptions<Command, State, Definition extends AnyEventDefinition> extends AggregateStoreOptions {
  readonly decider: Decider<Command, State, Definition>;
  /** How often and how fast a conflict is retried; default: 5 attempts. */
  readonly retry?: Partial<RetryPolicy>;
}

/** How one command is handled. */
export interface HandleOptions extends OperationOptions {
  /** Handles the command only if the aggregate stands there, and does not retry: for a caller who decided by what they saw. */
  readonly expectedVersion?: ExpectedVersion;
}

/** How a command ended. */
export interface CommandResult<State, Event> extends AppendResult {
  /** The state after the events. */
  readonly state: State;
  /** The events that the command led to; empty when it changed nothing. */
  readonly events: readonly Event[];
}

/** Handles the commands of one decider. */
export interface CommandHandler<Command, State, Definition extends AnyEventDefinition> {
  /**
   * Loads the aggregate (a new one has its initial state), decides, and appends; on a version conflict all of that again, by policy.
   *
   * @throws ConcurrencyError when the last attempt conflicts too, or `expectedVersion` is not met; StorageError when the database fails; what
   * `decide` throws.
   */
  handle(id: string, command: Command, options?: HandleOptions): Promise<CommandResult<State, EventOf<Definition>>>;
}

/**
 * Makes the command handler of a decider.
 *
 * @throws EventDefinitionError when two of the decider's definitions share a type; InvalidArgumentError when an option is not valid.
 */
export function createCommandHandler<Command, State, Definition extends AnyEventDefinition>(
  options: CommandHandlerOptions<Command, State, Definition>,
): CommandHandler<Command, State, Definition> {
  const { decider } = options;
  const model = deciderModel(decider);
  const store = new AggregateStore(model, options);
  const policy = resolveRetryPolicy(options.retry, conflictRetryDefaults);
  const once: RetryPolicy = { ...policy, maxAttempts: 1 };

  const attempt = async (
    id: string,
    command: Command,
    handling: HandleOptions,
    retries: number,
  ): Promise<CommandResult<State, EventOf<Definition>>> => {
    const loaded = await store.load(id, handling);
    const { expectedVersion = 'any' } = handling;
    if (!meetsExpectedVersion(expectedVersion, loaded.version)) {
      throw new ConcurrencyError({ aggregateType: decider.type, aggregateId: id }, expectedVersion, loaded.version);
    }
    const events = stampDrafts(await decider.decide(command, loaded.root), model, id, loaded.version);
    if (events.length === 0) return { state: loaded.root, events: [], version: loaded.version, position: loaded.position };
    const state = events.reduce((before, event) => decider.evolve(before, event as unknown as EventOf<Definition>), loaded.root);
    const unsaved = { id, root: state, storedVersion: loaded.version, events };
    const result = await store.save(unsaved, { ...handling, retries }, () => undefined);
    return { ...result, state, events: events as unknown as readonly EventOf<Definition>[] };
  };

  return {
    handle: (id, command, handling = {}) =>
      store.retryConflicts(handling.expectedVersion === undefined ? policy : once, handling.signal, (retries) =>
        attempt(id, command, handling, retries),
      ),
  };
}

function stampDrafts<State>(
  decision: EventDraft | readonly EventDraft[] | undefined,
  model: AggregateModel<State>,
  id: string,
  version: Loaded<State>['version'],
): readonly DomainEvent[] {
  const drafts = decision === undefined ? [] : [decision].flat();
  const around = currentMessageContext();
  const correlationId = around.correlationId ?? drafts[0]?.id;
  const context = correlationId === undefined ? around : { ...around, correlationId };
  return drafts.map((draft, index) => {
    if (!model.registry.has(draft.type)) {
      throw new EventDefinitionError(
        `The decider ${model.type} decided ${draft.type}, which is not in its \`events\` (${model.registry.types.join(', ')}). Add the definition there, so that it can be loaded again.`,
      );
    }
    return stampEvent(draft, { aggregateType: model.type, aggregateId: id }, version + index + 1, context);
  });
}

function deciderModel<Command, State, Definition extends AnyEventDefinition>(
  decider: Decider<Command, State, Definition>,
): AggregateModel<State> {
  const { stateCodec } = decider;
  return {
    type: decider.type,
    registry: new EventRegistry(decider.events),
    stateSchemaVersion: stateCodec?.schemaVersion ?? 1,
    create: decider.initialState,
    replay: (state, event) => decider.evolve(state, event as unknown as EventOf<Definition>),
    toSnapshot: (state) => (stateCodec?.encode === undefined ? (state as unknown as JsonValue) : stateCodec.encode(state)),
    fromSnapshot: (_id, json) => (stateCodec?.decode === undefined ? (json as unknown as State) : stateCodec.decode(json)),
  };
}
