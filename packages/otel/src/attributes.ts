/** Id of the aggregate that a span is about. */
export const ATTR_AGGREGATE_ID = 'eventsource.aggregate.id';
/** Type of the aggregate that a span is about, such as `Order`. */
export const ATTR_AGGREGATE_TYPE = 'eventsource.aggregate.type';
/** Type of the one event, or the one type of event, that a span is about: a string. For several types see {@link ATTR_EVENT_TYPES}. */
export const ATTR_EVENT_TYPE = 'eventsource.event.type';
/** Number of events that the operation appended, read or published: an integer. */
export const ATTR_EVENT_COUNT = 'eventsource.event.count';
/** Version of the stream after the operation; 0 when the stream does not exist. */
export const ATTR_VERSION = 'eventsource.version';
/** Database product, under the name that older back ends and dashboards know; {@link ATTR_DB_SYSTEM_NAME} is the current one. */
export const ATTR_DB_SYSTEM = 'db.system';
/** Messaging product, such as `kafka` or `rabbitmq`. */
export const ATTR_MESSAGING_SYSTEM = 'messaging.system';

/** Types of the events that a span is about when there are several: a sorted array of strings without doubles. */
export const ATTR_EVENT_TYPES = 'eventsource.event.types';
/** Id of the one event that a span is about. */
export const ATTR_EVENT_ID = 'eventsource.event.id';
/** What an append expected: a version as a decimal string, or `any`, `no-stream`, `stream-exists`. */
export const ATTR_EXPECTED_VERSION = 'eventsource.expected_version';
/** Position in the store's global order, as a decimal string, since it may exceed what a number holds. */
export const ATTR_POSITION = 'eventsource.position';
/** What an append waited for that others held: its `stream`, the `log` in which positions are given out, or the `file` of the database. */
export const ATTR_WAITED_FOR = 'eventsource.append.waited_for';
/** Name of the projection that handles an event. */
export const ATTR_PROJECTION_NAME = 'eventsource.projection.name';
/** Name of the one handler that runs inside a span. */
export const ATTR_HANDLER_NAME = 'eventsource.handler.name';
/** Tenant to whom the events belong. */
export const ATTR_TENANT_ID = 'eventsource.tenant.id';
/** Whether a load started from a snapshot: a boolean. */
export const ATTR_SNAPSHOT_USED = 'eventsource.snapshot.used';
/** Number of events applied to bring an aggregate to its present state: an integer. */
export const ATTR_EVENTS_REPLAYED = 'eventsource.events.replayed';
/** Number of times a command was tried again after a version conflict: an integer. */
export const ATTR_CONFLICT_RETRIES = 'eventsource.conflict_retries';
/** Why an operation failed, as a name of low cardinality (see {@link errorType}); absent when it succeeded. */
export const ATTR_ERROR_TYPE = 'error.type';

/** Database product by the stable conventions, such as `sqlite` or `postgresql`. */
export const ATTR_DB_SYSTEM_NAME = 'db.system.name';
/** Database within the product: its file or its name. */
export const ATTR_DB_NAMESPACE = 'db.namespace';
/** Name of the database operation, such as `append_events`. */
export const ATTR_DB_OPERATION_NAME = 'db.operation.name';
/** Table that the operation works on. */
export const ATTR_DB_COLLECTION_NAME = 'db.collection.name';
/** Low-cardinality summary of what was asked of the database: the operation and its table. */
export const ATTR_DB_QUERY_SUMMARY = 'db.query.summary';
/** The database's own code for why an operation failed, such as an SQLSTATE; absent when it succeeded. */
export const ATTR_DB_RESPONSE_STATUS_CODE = 'db.response.status_code';

/** Host name, address or socket of the server. */
export const ATTR_SERVER_ADDRESS = 'server.address';
/** Port of the server: an integer; absent for a socket in the file system. */
export const ATTR_SERVER_PORT = 'server.port';

/** Name of the messaging operation in the product's own words, such as `send`, `publish` or `process`. */
export const ATTR_MESSAGING_OPERATION_NAME = 'messaging.operation.name';
/** Kind of the messaging operation by the conventions: `create`, `send`, `receive`, `process` or `settle`. */
export const ATTR_MESSAGING_OPERATION_TYPE = 'messaging.operation.type';
/** Topic, exchange or queue that a message goes to or came from. */
export const ATTR_MESSAGING_DESTINATION_NAME = 'messaging.destination.name';
/** Number of messages sent, received or processed together: an integer; absent for a single message. */
export const ATTR_MESSAGING_BATCH_MESSAGE_COUNT = 'messaging.batch.message_count';
/** Id of the one message that a span is about. */
export const ATTR_MESSAGING_MESSAGE_ID = 'messaging.message.id';
/** Consumer group for which a message is processed. */
export const ATTR_MESSAGING_CONSUMER_GROUP_NAME = 'messaging.consumer.group.name';
/** Partition of a topic, or of a consumer group's queues, as a decimal string. */
export const ATTR_MESSAGING_DESTINATION_PARTITION_ID = 'messaging.destination.partition.id';
/** Place of a Kafka record in its partition: an integer. */
export const ATTR_MESSAGING_KAFKA_OFFSET = 'messaging.kafka.offset';
/** Key of a Kafka record. */
export const ATTR_MESSAGING_KAFKA_MESSAGE_KEY = 'messaging.kafka.message.key';
/** Routing key with which a message was published to RabbitMQ. */
export const ATTR_MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY = 'messaging.rabbitmq.destination.routing_key';
