export type { AggregateClass, AnyAggregate, StateOf } from './aggregate/aggregate-class.ts';
export { AggregateRepository, type AggregateRepositoryOptions, type UpdateOptions } from './aggregate/aggregate-repository.ts';
export { AggregateRoot, type RaiseArguments } from './aggregate/aggregate-root.ts';
export type { AggregateStoreOptions } from './aggregate/aggregate-store.ts';
export {
  type CommandHandler,
  type CommandHandlerOptions,
  type CommandResult,
  createCommandHandler,
  type HandleOptions,
} from './aggregate/command-handler.ts';
export { type Decider, type Decision, defineDecider } from './aggregate/decider.ts';
export { replayAggregate } from './aggregate/replay-aggregate.ts';
export type { SnapshotOptions } from './aggregate/snapshots.ts';
export type { StateCodec } from './aggregate/state-codec.ts';
export { BaseEventBus } from './bus/base-event-bus.ts';
export { type BrokerEventBusOptions, publishTimeoutOf, reconnectOf } from './bus/broker-options.ts';
export type { ConsumerSpans } from './bus/consumer-telemetry.ts';
export type {
  EventBus,
  EventSubscription,
  ReplayDeadLettersOptions,
  ReplayOutcome,
  ReplayReport,
  StopOptions,
  StopReport,
  SubscribeOptions,
} from './bus/event-bus.ts';
export type { EventBusOptions } from './bus/event-bus-options.ts';
export type { EncodedMessage, EventCodec, MessageProtocol, MessageToDecode } from './bus/event-codec.ts';
export type { EventHandler, HandlerContext } from './bus/event-handler.ts';
export { ALL_EVENTS, type EventTypeSelector } from './bus/event-selector.ts';
export type {
  ConsumerLag,
  EventTransport,
  IncomingMessage,
  MessageHeaders,
  OutgoingMessage,
  ReceiveMessage,
  Route,
  TransportDescription,
  TransportObserver,
} from './bus/event-transport.ts';
export { InMemoryEventBus, type InMemoryEventBusOptions } from './bus/in-memory-event-bus.ts';
export { PendingPublish, type PendingPublishOptions, type PublishFailure } from './bus/pending-publish.ts';
export { UndecodableMessageError } from './bus/undecodable-message-error.ts';
export type { Capability, EventBusCapabilities, EventStoreCapabilities, StoreCapabilities } from './capabilities.ts';
export { assertCheckpoint } from './checkpoint/checkpoint-arguments.ts';
export type { CheckpointStore } from './checkpoint/checkpoint-store.ts';
export { InMemoryCheckpointStore } from './checkpoint/in-memory-checkpoint-store.ts';
export { type CloudEventsOptions, cloudEvents } from './codec/cloud-events.ts';
export { eventSourcePy } from './codec/event-source-py.ts';
export type { ComponentOptions } from './component-options.ts';
export type { DeadLetter, DeadLetterContent, DeadLetterError, DeadLetterReason } from './dead-letter/dead-letter.ts';
export { copyDeadLetter, deadLetterLimit } from './dead-letter/dead-letter-arguments.ts';
export { rawContent } from './dead-letter/dead-letter-content.ts';
export type { DeadLetterFilter, DeadLetterStore, ListDeadLettersOptions } from './dead-letter/dead-letter-store.ts';
export { InMemoryDeadLetterStore } from './dead-letter/in-memory-dead-letter-store.ts';
export { AbortedError, throwIfAborted } from './errors/aborted-error.ts';
export { AggregateNotFoundError } from './errors/aggregate-not-found-error.ts';
export { InvalidArgumentError } from './errors/argument-error.ts';
export { BrokerError, type BrokerErrorCode } from './errors/broker-error.ts';
export { ClosedError } from './errors/closed-error.ts';
export { ConcurrencyError } from './errors/concurrency-error.ts';
export { EventDataError, type EventDataIssue } from './errors/event-data-error.ts';
export { EventDefinitionError } from './errors/event-definition-error.ts';
export { EventIdConflictError } from './errors/event-id-conflict-error.ts';
export { EventSourcingError } from './errors/event-sourcing-error.ts';
export { type ErrorsByCode, hasErrorCode } from './errors/has-error-code.ts';
export { PublishError, type PublishErrorCode, type UnconfirmedEvent } from './errors/publish-error.ts';
export { SnapshotError } from './errors/snapshot-error.ts';
export { StorageError, type StorageErrorCode } from './errors/storage-error.ts';
export { UnknownEventTypeError } from './errors/unknown-event-type-error.ts';
export { UpcastError } from './errors/upcast-error.ts';
export { type AppendCondition, type ExpectedVersion, exactVersion, meetsExpectedVersion } from './event-store/append-condition.ts';
export { BaseEventStore, type EventStoreOptions } from './event-store/base-event-store.ts';
export { decodeEvent } from './event-store/decode-event.ts';
export type { EventRecord, NewEventRecord } from './event-store/event-record.ts';
export type {
  AllQuery,
  AppendOutcome,
  AppendRequest,
  AppendWait,
  EventStorage,
  OnAppendWait,
  StorageDescription,
  StreamPosition,
  StreamQuery,
} from './event-store/event-storage.ts';
export type {
  AppendResult,
  DecodeOptions,
  EventStore,
  GetEventsOptions,
  OperationOptions,
  ReadAllOptions,
  WaitForEventsOptions,
} from './event-store/event-store.ts';
export { EventStream } from './event-store/event-stream.ts';
export { InMemoryEventStore } from './event-store/in-memory-event-store.ts';
export { PageSize } from './event-store/page-size.ts';
export { type EventPlace, resolveDuplicate } from './event-store/resolve-duplicate.ts';
export type { StreamId } from './event-store/stream-id.ts';
export { decodeEventData } from './events/decode-event-data.ts';
export { type DefineEventOptions, defineEvent } from './events/define-event.ts';
export type { DomainEvent, EventDraft, EventToAppend, StoredEvent } from './events/event.ts';
export type {
  AnyEventDefinition,
  DraftOf,
  EventDefinition,
  EventDraftOptions,
  EventOf,
  NoData,
  StoredEventOf,
  UpcastStep,
} from './events/event-definition.ts';
export { eventToJson } from './events/event-json.ts';
export { EventRegistry } from './events/event-registry.ts';
export type { JsonObject, JsonValue } from './events/json.ts';
export { uuidV7 } from './events/uuid-v7.ts';
export { inMemoryEventBusCapabilities, inMemoryEventStoreCapabilities, inMemoryStoreCapabilities } from './in-memory-capabilities.ts';
export { BaseInbox } from './inbox/base-inbox.ts';
export type { Inbox, InboxHandler, InboxOutcome, InboxWork } from './inbox/inbox.ts';
export type { InboxEntry, InboxStorage } from './inbox/inbox-storage.ts';
export { Lifecycle } from './lifecycle.ts';
export {
  currentMessageContext,
  type MessageContext,
  messageContextOf,
  withEventContext,
  withMessageContext,
} from './message/message-context.ts';
export { delay } from './retry/delay.ts';
export { backoffDelay, type RetryPolicy, resolveRetryPolicy } from './retry/retry-policy.ts';
export { BaseSnapshotStore } from './snapshot/base-snapshot-store.ts';
export { InMemorySnapshotStore } from './snapshot/in-memory-snapshot-store.ts';
export type { SnapshotRecord, SnapshotStorage } from './snapshot/snapshot-storage.ts';
export type { Snapshot, SnapshotStore } from './snapshot/snapshot-store.ts';
