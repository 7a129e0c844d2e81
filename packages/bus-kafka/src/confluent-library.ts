/** Options of librdkafka by their names. */
export type ConfluentConfig = Readonly<Record<string, unknown>>;

/** An error as Confluent's library gives it: the broker's number of it, or a negative one of librdkafka's own. */
export interface ConfluentFailure {
  readonly message: string;
  readonly code: number;
  readonly isRetriable?: boolean;
}

/** What is called back when something is done, or has failed. */
export type ConfluentDone = (failure?: ConfluentFailure | null) => void;

/** What is called back with an answer, or a failure. */
export type ConfluentCallback<T> = (failure: ConfluentFailure | null | undefined, result: T) => void;

/** A partition, and where something is in it. */
export interface ConfluentPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset?: number | undefined;
  readonly metadata?: string | null | undefined;
}

/** What all of its clients have. */
export interface ConfluentHandle {
  connect(options: { readonly timeout: number }, done: ConfluentDone): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
}

/** What the bus needs of its producer. */
export interface ConfluentProducerHandle extends ConfluentHandle {
  produce(
    topic: string,
    partition: number | null,
    value: Buffer | null,
    key: string | null,
    timestamp: number | null,
    opaque: unknown,
    headers: Record<string, string>[],
  ): unknown;
  setPollInBackground(set: boolean): unknown;
  initTransactions(timeoutMs: number, done: ConfluentDone): unknown;
  beginTransaction(done: ConfluentDone): unknown;
  commitTransaction(timeoutMs: number, done: ConfluentDone): unknown;
  abortTransaction(timeoutMs: number, done: ConfluentDone): unknown;
  disconnect(flushMs: number, done: ConfluentDone): unknown;
}

/** A record as it came. */
export interface ConfluentMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: readonly Readonly<Record<string, Buffer | string>>[];
}

/** What the bus needs of its consumer. */
export interface ConfluentConsumerHandle extends ConfluentHandle {
  subscribe(topics: string[]): unknown;
  setDefaultConsumeTimeout(timeoutMs: number): void;
  consume(count: number, done: ConfluentCallback<readonly ConfluentMessage[]>): void;
  assign(places: ConfluentPlace[]): unknown;
  unassign(): unknown;
  seek(place: ConfluentPlace, timeoutMs: number, done: ConfluentDone): unknown;
  pause(places: ConfluentPlace[]): unknown;
  resume(places: ConfluentPlace[]): unknown;
  disconnect(done: ConfluentDone): unknown;
  // These two it has and describes, but its types forget them.
  assignmentLost?(): boolean;
  commitCb?(places: ConfluentPlace[], done: ConfluentDone): unknown;
}

/** A topic as it is. */
export interface ConfluentTopic {
  readonly name: string;
  readonly error?: ConfluentFailure | undefined;
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader?: { readonly id: number } | null;
    readonly replicas: readonly { readonly id: number }[];
  }[];
}

/** Whether something that was asked for has failed. */
export interface ConfluentReport {
  readonly error?: ConfluentFailure | undefined;
}

/** An offset that was asked for. */
export interface ConfluentOffset extends ConfluentReport {
  readonly partition: number;
  readonly offset: number;
}

/** Where a group stands. */
export interface ConfluentGroup extends ConfluentReport {
  readonly partitions: readonly (ConfluentPlace & ConfluentReport)[];
}

/** What the bus needs of its admin. */
export interface ConfluentAdminHandle {
  createTopic(topic: object, timeoutMs: number, done: ConfluentDone): void;
  describeTopics(topics: string[], options: object, done: ConfluentCallback<readonly ConfluentTopic[]>): void;
  listOffsets(places: object[], options: object, done: ConfluentCallback<readonly ConfluentOffset[]>): void;
  listConsumerGroupOffsets(groups: object[], options: object, done: ConfluentCallback<readonly ConfluentGroup[]>): void;
  deleteGroups(groups: string[], options: object, done: ConfluentCallback<readonly ConfluentReport[]>): void;
  disconnect(): void;
}

/** What the bus needs of `@confluentinc/kafka-javascript`: the module, as it is imported, has it. */
export interface ConfluentLibrary {
  readonly Producer: new (config: object) => ConfluentProducerHandle;
  readonly KafkaConsumer: new (config: object) => ConfluentConsumerHandle;
  readonly AdminClient: { create(config: object, listeners: Record<string, (failure: ConfluentFailure) => void>): ConfluentAdminHandle };
  readonly OffsetSpec: { readonly EARLIEST: object; readonly LATEST: object };
}
