import type { ConfluentCallback, ConfluentDone, ConfluentFailure } from './confluent-library.ts';

/** librdkafka's own numbers, and what a broker would call the same. */
const localNames: Readonly<Record<number, string>> = {
  [-195]: 'NETWORK_EXCEPTION',
  [-193]: 'BROKER_NOT_AVAILABLE',
  [-192]: 'REQUEST_TIMED_OUT',
  [-190]: 'UNKNOWN_TOPIC_OR_PARTITION',
  [-188]: 'UNKNOWN_TOPIC_OR_PARTITION',
  [-187]: 'BROKER_NOT_AVAILABLE',
  [-185]: 'REQUEST_TIMED_OUT',
  [-181]: 'ERR_SSL_HANDSHAKE_FAILED',
  [-180]: 'COORDINATOR_NOT_AVAILABLE',
  [-169]: 'SASL_AUTHENTICATION_FAILED',
  [-144]: 'PRODUCER_FENCED',
};

/** The broker's numbers that the bus knows what to do about, by the protocol's names. */
const brokerNames: Readonly<Record<number, string>> = {
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  7: 'REQUEST_TIMED_OUT',
  8: 'BROKER_NOT_AVAILABLE',
  10: 'MESSAGE_TOO_LARGE',
  13: 'NETWORK_EXCEPTION',
  17: 'INVALID_TOPIC_EXCEPTION',
  18: 'RECORD_LIST_TOO_LARGE',
  23: 'INCONSISTENT_GROUP_PROTOCOL',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  30: 'GROUP_AUTHORIZATION_FAILED',
  31: 'CLUSTER_AUTHORIZATION_FAILED',
  32: 'INVALID_TIMESTAMP',
  33: 'UNSUPPORTED_SASL_MECHANISM',
  34: 'ILLEGAL_SASL_STATE',
  37: 'INVALID_PARTITIONS',
  38: 'INVALID_REPLICATION_FACTOR',
  40: 'INVALID_CONFIG',
  43: 'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  44: 'POLICY_VIOLATION',
  45: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  46: 'DUPLICATE_SEQUENCE_NUMBER',
  47: 'INVALID_PRODUCER_EPOCH',
  48: 'INVALID_TXN_STATE',
  49: 'INVALID_PRODUCER_ID_MAPPING',
  51: 'CONCURRENT_TRANSACTIONS',
  52: 'TRANSACTION_COORDINATOR_FENCED',
  53: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  58: 'SASL_AUTHENTICATION_FAILED',
  59: 'UNKNOWN_PRODUCER_ID',
  76: 'UNSUPPORTED_COMPRESSION_TYPE',
  87: 'INVALID_RECORD',
  90: 'PRODUCER_FENCED',
};

/** Brokers answer so for a while: while they elect, move, load or start something. */
const passingAnswers: ReadonlySet<number> = new Set([5, 6, 9, 14, 15, 16, 19, 20, 27, 41, 56, 72, 74, 75, 77, 78, 80]);

/** Not a failure but what happens while a client works: librdkafka gets over it by itself. */
const passingStates: ReadonlySet<number> = new Set([-195, -194, -193, -187, -185, -180, -153, -147]);

const unnumbered = -1;

/** Of what happens by itself the library tells librdkafka's own words only. */
const numbersByText: Readonly<Record<string, number>> = {
  'all broker connections are down': -187,
  'authentication failure': -169,
  'broker transport failure': -195,
  'ssl error': -181,
  'this instance has been fenced by a newer instance': -144,
  'cluster authorization failed': 31,
  'group authorization failed': 30,
  'topic authorization failed': 29,
  'transactional id authorization failed': 53,
};

/** A failure of Confluent's library, by the name that the protocol has for it. */
export class ConfluentError extends Error {
  override readonly name: string = 'ConfluentError';
  /** The protocol's name, where the bus knows what to do about it. */
  readonly type: string | undefined;
  /** The number that the library gave. */
  readonly number: number;
  /** Whether trying again may help. */
  readonly retriable: boolean;

  constructor(failure: ConfluentFailure) {
    super(failure.message, { cause: failure });
    const text = failure.message.toLowerCase().replace(/^(local|broker): /, '');
    this.number = failure.code === unnumbered ? (numbersByText[text] ?? unnumbered) : failure.code;
    this.type = localNames[this.number] ?? brokerNames[this.number];
    this.retriable = failure.isRetriable === true || passingAnswers.has(this.number) || passingStates.has(this.number);
  }
}

/** Whether librdkafka does not get over it by itself. */
export function isForGood({ number }: ConfluentError): boolean {
  return !passingAnswers.has(number) && !passingStates.has(number);
}

/** Whether the broker does not let this client in. */
export function isRefusal({ number }: ConfluentError): boolean {
  return number === -181 || number === -169 || number === 33 || number === 34 || number === 58;
}

/** Whether a broker, or all of them, can't be reached any more. */
export function isConnectionLost({ number }: ConfluentError): boolean {
  return number === -187 || number === -195;
}

/** Whether it only says that something else has put an end to the client: it is given up, and so are the records that it had. */
export function isConsequence({ number }: ConfluentError): boolean {
  return number === -150 || number === -151 || number === -152;
}

/** Asks for something that is called back with. */
export function asked<T>(ask: (done: ConfluentCallback<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((failure, result) => {
      if (failure === null || failure === undefined) resolve(result);
      else reject(new ConfluentError(failure));
    });
  });
}

/** Has something done whose end is called back. */
export function done(call: (done: ConfluentDone) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call((failure) => {
      if (failure === null || failure === undefined) resolve();
      else reject(new ConfluentError(failure));
    });
  });
}
