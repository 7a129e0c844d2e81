export type { Attributes, AttributeValue, Context, Link, Span, SpanContext } from '@opentelemetry/api';
export { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
export type { SpanAttributes, SpanOptions } from './active-span.ts';
export {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_CONFLICT_RETRIES,
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_EVENT_COUNT,
  ATTR_EVENT_ID,
  ATTR_EVENT_TYPE,
  ATTR_EVENT_TYPES,
  ATTR_EVENTS_REPLAYED,
  ATTR_EXPECTED_VERSION,
  ATTR_HANDLER_NAME,
  ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
  ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_DESTINATION_PARTITION_ID,
  ATTR_MESSAGING_KAFKA_MESSAGE_KEY,
  ATTR_MESSAGING_KAFKA_OFFSET,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY,
  ATTR_MESSAGING_SYSTEM,
  ATTR_POSITION,
  ATTR_PROJECTION_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SNAPSHOT_USED,
  ATTR_TENANT_ID,
  ATTR_VERSION,
  ATTR_WAITED_FOR,
} from './attributes.ts';
export { otelAvailable } from './availability.ts';
export { type ConsoleLike, consoleDestination } from './console-destination.ts';
export type { GaugeHandle, GaugeValue } from './gauge.ts';
export type { LogDestination, Logger, LogLevel, LogMethod, LogRecord, LogThreshold, NamedLogger } from './logger.ts';
export { configureLogging, getLogger, type LoggingOptions } from './logging-hierarchy.ts';
export {
  METRIC_APPEND_CONFLICTS,
  METRIC_APPEND_WAIT_TIME,
  METRIC_CONSUMED_MESSAGES,
  METRIC_CONSUMER_LAG,
  METRIC_DB_OPERATION_DURATION,
  METRIC_DEAD_LETTERS,
  METRIC_EVENTS_APPENDED,
  METRIC_EVENTS_REPLAYED,
  METRIC_HANDLER_DURATION,
  METRIC_MESSAGING_OPERATION_DURATION,
  METRIC_PROCESS_DURATION,
  METRIC_REBALANCES,
  METRIC_RECONNECTIONS,
  METRIC_RETRIES,
  METRIC_SENT_MESSAGES,
  type MetricDefinition,
} from './metric-definitions.ts';
export {
  type CounterHandle,
  createMetrics,
  type HistogramHandle,
  type Metrics,
  type MetricsOptions,
} from './metrics.ts';
export { pinoTraceMixin } from './pino-hooks.ts';
export {
  activeContext,
  contextAvailable,
  type ExtractOptions,
  extractContext,
  type InjectOptions,
  injectContext,
  withContext,
} from './propagation.ts';
export { SCHEMA_URL } from './schema-url.ts';
export { errorType, recordFailure } from './span-errors.ts';
export { withTracingSuppressed } from './suppression.ts';
export type { MetricAttributes, Timer } from './timer.ts';
export {
  contextWith,
  currentTraceContext,
  formatTraceparent,
  linksTo,
  linkTo,
  type PartialTraceContextFields,
  parseTraceparent,
  type TraceContextFields,
} from './trace-context.ts';
export { type TraceFields, traceFields } from './trace-fields.ts';
export { type TracedDecorator, type TracedOptions, traced } from './traced.ts';
export { createTracing, type IterateOptions, type Tracing, type TracingOptions } from './tracing.ts';
export { type TracingHost, TracingMixin, type WithTracing } from './tracing-mixin.ts';
export { UsageError } from './usage-error.ts';
export { type WinstonFormat, winstonTraceFormat } from './winston-hooks.ts';
