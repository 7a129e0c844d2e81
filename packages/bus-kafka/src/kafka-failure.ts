import { BrokerError, type BrokerErrorCode, type PublishErrorCode } from '@es/core';

/** What of an error tells why it happened, of all errors that caused it. */
interface Symptoms {
  /** The broker's own names for what is wrong, the system's codes, and the names of the client's errors. */
  readonly names: readonly string[];
  /** The innermost message: the outer ones only repeat it. */
  readonly message: string;
  readonly retriable: boolean;
}

interface Explanation {
  readonly symptom: RegExp;
  readonly code: BrokerErrorCode;
  /** How a publish fails by it at once, or that no publish can succeed; absent where trying again may help. */
  readonly publish?: PublishErrorCode | 'shut-out';
  readonly advice: string;
}

const explanations: readonly Explanation[] = [
  {
    symptom: /^(KafkaJSSASLAuthenticationError|SASL_AUTHENTICATION_FAILED|UNSUPPORTED_SASL_MECHANISM|ILLEGAL_SASL_STATE)$/,
    code: 'ES_BROKER_ACCESS',
    publish: 'shut-out',
    advice: 'The broker refused the login. Check mechanism, user and password in `sasl`.',
  },
  {
    symptom: /_AUTHORIZATION_FAILED$/,
    code: 'ES_BROKER_ACCESS',
    publish: 'ES_PUBLISH_REFUSED',
    advice: 'The user lacks a right: grant what the README of @es/bus-kafka lists.',
  },
  {
    symptom: /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_|ERR_SSL_|EPROTO)/,
    code: 'ES_BROKER_ACCESS',
    publish: 'shut-out',
    advice: 'The TLS connection could not be made. Check `ssl`: the certificate authority (`ca`), and that the port speaks TLS.',
  },
  {
    symptom: /^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE)$/,
    code: 'ES_BROKER_FAILURE',
    publish: 'ES_PUBLISH_TOO_LARGE',
    advice: 'Raise max.message.bytes of the topic, or make the event smaller.',
  },
  {
    // Brokers may not know yet of a topic that was just made: whether there is one is found out beforehand.
    symptom: /^UNKNOWN_TOPIC_OR_PARTITION$/,
    code: 'ES_BROKER_TOPOLOGY',
    advice: 'The topic does not exist. Create it, or let the bus do so (`createTopics`).',
  },
  {
    symptom: /^INVALID_TOPIC_EXCEPTION$/,
    code: 'ES_BROKER_TOPOLOGY',
    publish: 'ES_PUBLISH_UNROUTABLE',
    advice: 'Kafka does not take this as the name of a topic.',
  },
  {
    symptom: /^(INVALID_REPLICATION_FACTOR|INVALID_PARTITIONS|POLICY_VIOLATION|INVALID_CONFIG)$/,
    code: 'ES_BROKER_TOPOLOGY',
    publish: 'ES_PUBLISH_REFUSED',
    advice:
      'The broker does not make such a topic. Check `partitions` and `replicationFactor` against its number of brokers and its policies.',
  },
  {
    symptom: /^(INVALID_PRODUCER_EPOCH|PRODUCER_FENCED|TRANSACTION_COORDINATOR_FENCED|INVALID_PRODUCER_ID_MAPPING)$/,
    code: 'ES_BROKER_FAILURE',
    publish: 'ES_PUBLISH_REFUSED',
    advice: 'Another producer uses the same `transactionalId`. Give each instance its own.',
  },
  {
    symptom: /^INCONSISTENT_GROUP_PROTOCOL$/,
    code: 'ES_BROKER_FAILURE',
    publish: 'ES_PUBLISH_REFUSED',
    advice: 'Let all members of a group use the same client: kafkajs, or Confluent’s.',
  },
  {
    symptom: /^(INVALID_RECORD|INVALID_TIMESTAMP|UNSUPPORTED_FOR_MESSAGE_FORMAT|UNSUPPORTED_COMPRESSION_TYPE|KafkaJSNotImplemented)$/,
    code: 'ES_BROKER_FAILURE',
    publish: 'ES_PUBLISH_REFUSED',
    advice: 'The broker or the client does not take records of this kind; see the cause.',
  },
  {
    symptom: /^KafkaJSGroupCoordinatorNotFound$/,
    code: 'ES_BROKER_UNAVAILABLE',
    advice:
      'No broker said who coordinates this group or transactional id. Try again; kafkajs says the same where the user may not describe it: see the rights ' +
      'that the README of @es/bus-kafka lists.',
  },
  {
    symptom:
      /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENET|KafkaJSConnection|KafkaJSRequestTimeout|KafkaJS(Lock)?Timeout|KafkaJSBrokerNotFound|KafkaJSNoBroker|BROKER_NOT_AVAILABLE|NETWORK_EXCEPTION|REQUEST_TIMED_OUT)/,
    code: 'ES_BROKER_UNAVAILABLE',
    advice: 'No broker answered. Check `brokers`, the network, and that the brokers advertise addresses that can be reached from here.',
  },
];

/** After these a producer's numbering of records no longer agrees with the broker's: a new producer begins anew. */
const outOfStep =
  /^(OUT_OF_ORDER_SEQUENCE_NUMBER|DUPLICATE_SEQUENCE_NUMBER|UNKNOWN_PRODUCER_ID|INVALID_TXN_STATE|CONCURRENT_TRANSACTIONS)$/;

/** How a send failed: for good; as every other would, since the broker lets nobody in; or so that the same producer, or a new one, may try again. */
export type SendVerdict =
  | { readonly kind: 'shut-out' }
  | { readonly kind: 'refused'; readonly code: PublishErrorCode; readonly reason: string }
  | { readonly kind: 'again'; readonly withNewProducer: boolean; readonly isUnreachable: boolean };

/** Judges a failed send. */
export function judgeSend(error: unknown): SendVerdict {
  const { names, message, retriable } = symptomsOf(error);
  // What the bus itself found out says already what to do.
  if (error instanceof BrokerError && error.cause === undefined) {
    if (error.code === 'ES_BROKER_UNAVAILABLE') return { kind: 'again', withNewProducer: false, isUnreachable: false };
    return { kind: 'refused', code: 'ES_PUBLISH_UNROUTABLE', reason: message };
  }
  const found = explanationOf(names);
  if (found?.publish === 'shut-out') return { kind: 'shut-out' };
  if (found?.publish !== undefined) return { kind: 'refused', code: found.publish, reason: `${message}. ${found.advice}` };
  const withNewProducer = names.some((name) => outOfStep.test(name));
  if (withNewProducer || retriable || found !== undefined)
    return { kind: 'again', withNewProducer, isUnreachable: found?.code === 'ES_BROKER_UNAVAILABLE' };
  return { kind: 'refused', code: 'ES_PUBLISH_REFUSED', reason: `${message}. See the cause.` };
}

/** Says a failure in words: what was tried, why it failed, what to do. */
export function explainFailure(error: unknown, operation: string, place: string): BrokerError {
  if (error instanceof BrokerError) return error;
  const { names, message } = symptomsOf(error);
  const { code, advice } = explanationOf(names) ?? { code: 'ES_BROKER_FAILURE', advice: 'See the cause.' };
  return new BrokerError(code, `${operation} failed on ${place}: ${message}. ${advice}`, { cause: error });
}

/** Whether the broker has no such topic. */
export function isUnknownTopic(error: unknown): boolean {
  return symptomsOf(error).names.includes('UNKNOWN_TOPIC_OR_PARTITION');
}

function explanationOf(names: readonly string[]): Explanation | undefined {
  return explanations.find(({ symptom }) => names.some((name) => symptom.test(name)));
}

/** The client wraps errors, sometimes several times. */
function symptomsOf(error: unknown): Symptoms {
  const names: string[] = [];
  let message = String(error);
  let retriable = false;
  for (const one of chainOf(error)) {
    const { type, code, name } = one as Error & { readonly type?: unknown; readonly code?: unknown };
    for (const symptom of [type, code, name]) if (typeof symptom === 'string') names.push(symptom);
    message = one.message.replace(/\.$/, '');
    retriable = 'retriable' in one && one.retriable === true;
  }
  return { names, message, retriable };
}

function* chainOf(error: unknown): Generator<Error, void> {
  for (let one = error; one instanceof Error; one = one.cause) {
    yield one;
    // Of several errors at once the first one stands for all.
    if ('errors' in one && Array.isArray(one.errors) && one.errors[0] instanceof Error) yield* chainOf(one.errors[0]);
  }
}
