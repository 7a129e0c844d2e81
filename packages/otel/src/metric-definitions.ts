/** What an instrument is called and measures; {@link createMetrics} makes the instrument from it. */
export interface MetricDefinition {
  /** Name under which the metric is exported. */
  readonly name: string;
  /** A `counter` only goes up; a `histogram` records a distribution; a `gauge` is asked for its value whenever metrics are collected. */
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** Unit in UCUM notation: `s` for seconds, `{event}` for a number of events. */
  readonly unit: string;
  /** One sentence for people who look at the metric in a back end. */
  readonly description: string;
  /** Bucket boundaries proposed to the SDK for a histogram, in {@link unit}, ascending. */
  readonly buckets?: readonly number[];
}

// The boundaries that the semantic conventions advise for the durations of database and of messaging operations.
const DATABASE_SECONDS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const MESSAGING_SECONDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const EVENTS_PER_LOAD: readonly number[] = [0, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];

/** Counts events that an event store has appended. */
export const METRIC_EVENTS_APPENDED: MetricDefinition = {
  name: 'eventsource.events.appended',
  kind: 'counter',
  unit: '{event}',
  description: 'Events appended to the event store.',
};

/** Counts appends that lost against another writer. */
export const METRIC_APPEND_CONFLICTS: MetricDefinition = {
  name: 'eventsource.append.conflicts',
  kind: 'counter',
  unit: '{conflict}',
  description: 'Appends refused because the stream was not at the expected version.',
};

/** How long appends waited for what other transactions held, one recording for each wait; appends that went at once are not in it. */
export const METRIC_APPEND_WAIT_TIME: MetricDefinition = {
  name: 'eventsource.append.wait_time',
  kind: 'histogram',
  unit: 's',
  description: 'Time that an append waited for what another transaction held.',
  buckets: DATABASE_SECONDS,
};

/** Distribution of the number of events that a repository replays in one load. */
export const METRIC_EVENTS_REPLAYED: MetricDefinition = {
  name: 'eventsource.repository.events_replayed',
  kind: 'histogram',
  unit: '{event}',
  description: 'Events applied to bring one aggregate to its present state.',
  buckets: EVENTS_PER_LOAD,
};

/** Duration of database operations, by the semantic conventions. */
export const METRIC_DB_OPERATION_DURATION: MetricDefinition = {
  name: 'db.client.operation.duration',
  kind: 'histogram',
  unit: 's',
  description: 'Duration of database client operations.',
  buckets: DATABASE_SECONDS,
};

/** Duration of one event handler's run. */
export const METRIC_HANDLER_DURATION: MetricDefinition = {
  name: 'eventsource.handler.duration',
  kind: 'histogram',
  unit: 's',
  description: 'Duration of one run of an event handler.',
  buckets: MESSAGING_SECONDS,
};

/** Counts attempts beyond the first. */
export const METRIC_RETRIES: MetricDefinition = {
  name: 'eventsource.retries',
  kind: 'counter',
  unit: '{retry}',
  description: 'Attempts made after a first one failed.',
};

/** Counts messages put aside as dead letters. */
export const METRIC_DEAD_LETTERS: MetricDefinition = {
  name: 'eventsource.dead_letters',
  kind: 'counter',
  unit: '{message}',
  description: 'Messages put aside because they could not be handled.',
};

/** Counts messages handed to a broker, by the semantic conventions. */
export const METRIC_SENT_MESSAGES: MetricDefinition = {
  name: 'messaging.client.sent.messages',
  kind: 'counter',
  unit: '{message}',
  description: 'Messages that the producer attempted to send to the broker.',
};

/** Counts messages delivered to the application, by the semantic conventions. */
export const METRIC_CONSUMED_MESSAGES: MetricDefinition = {
  name: 'messaging.client.consumed.messages',
  kind: 'counter',
  unit: '{message}',
  description: 'Messages delivered to the application.',
};

/** Duration of operations that a producer or consumer asks of a broker, by the semantic conventions. */
export const METRIC_MESSAGING_OPERATION_DURATION: MetricDefinition = {
  name: 'messaging.client.operation.duration',
  kind: 'histogram',
  unit: 's',
  description: 'Duration of a messaging operation that a producer or consumer client started.',
  buckets: MESSAGING_SECONDS,
};

/** Duration of processing one message or batch, by the semantic conventions. */
export const METRIC_PROCESS_DURATION: MetricDefinition = {
  name: 'messaging.process.duration',
  kind: 'histogram',
  unit: 's',
  description: 'Duration of processing a message or a batch of messages.',
  buckets: MESSAGING_SECONDS,
};

/** How far a consumer group is behind, per partition or queue, measured at the broker. */
export const METRIC_CONSUMER_LAG: MetricDefinition = {
  name: 'eventsource.consumer.lag',
  kind: 'gauge',
  unit: '{message}',
  description: 'Messages that the broker holds for a consumer group and that the group is not done with.',
};

/** Counts connections to a broker that were lost and made again. */
export const METRIC_RECONNECTIONS: MetricDefinition = {
  name: 'eventsource.reconnections',
  kind: 'counter',
  unit: '{reconnection}',
  description: 'Connections that were lost and are established again.',
};

/** Counts changes of the partitions that a consumer is in charge of. */
export const METRIC_REBALANCES: MetricDefinition = {
  name: 'eventsource.rebalances',
  kind: 'counter',
  unit: '{rebalance}',
  description: 'Times that the partitions of a consumer group were distributed anew among its members.',
};
