import { BrokerError } from '@es/core';
import { expect, test } from 'vitest';
import { explainFailure, isUnknownTopic, judgeSend } from './kafka-failure.ts';

/** An error as kafkajs makes them: with the broker's name of it, or a code of the system, wrapped some times. */
const failure = (fields: object, wrapped = 0): Error => {
  const error = Object.assign(new Error('it said no.'), fields);
  return wrapped === 0 ? error : Object.assign(new Error('tried too often', { cause: failure(fields, wrapped - 1) }), { retriable: false });
};

test.each([
  [failure({ name: 'KafkaJSSASLAuthenticationError' }), 'ES_BROKER_ACCESS'],
  [failure({ type: 'GROUP_AUTHORIZATION_FAILED' }, 2), 'ES_BROKER_ACCESS'],
  [failure({ name: 'KafkaJSConnectionError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'ES_BROKER_ACCESS'],
  [failure({ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }, 1), 'ES_BROKER_UNAVAILABLE'],
  [failure({ name: 'KafkaJSRequestTimeoutError' }), 'ES_BROKER_UNAVAILABLE'],
  [failure({ type: 'INVALID_REPLICATION_FACTOR' }), 'ES_BROKER_TOPOLOGY'],
  [Object.assign(new Error('several'), { errors: [failure({ type: 'POLICY_VIOLATION' })] }), 'ES_BROKER_TOPOLOGY'],
  [failure({ type: 'UNKNOWN' }), 'ES_BROKER_FAILURE'],
])('%o is %s, in words', (error, code) => {
  const explained = explainFailure(error, 'Joining', 'kafka:9092');
  expect(explained).toMatchObject({
    code,
    cause: error,
    message: expect.stringMatching(/^Joining failed on kafka:9092: it said no\. [A-Z]/),
  });
  expect(explainFailure(explained, 'Something', 'else')).toBe(explained);
});

test.each([
  [failure({ type: 'MESSAGE_TOO_LARGE' }, 1), { kind: 'refused', code: 'ES_PUBLISH_TOO_LARGE' }],
  [failure({ name: 'KafkaJSSASLAuthenticationError' }, 1), { kind: 'shut-out' }],
  [failure({ type: 'TOPIC_AUTHORIZATION_FAILED' }), { kind: 'refused', code: 'ES_PUBLISH_REFUSED' }],
  [failure({ type: 'INVALID_TOPIC_EXCEPTION' }), { kind: 'refused', code: 'ES_PUBLISH_UNROUTABLE' }],
  [failure({ type: 'INVALID_PRODUCER_EPOCH' }), { kind: 'refused', code: 'ES_PUBLISH_REFUSED' }],
  [new BrokerError('ES_BROKER_TOPOLOGY', 'no such topic'), { kind: 'refused', code: 'ES_PUBLISH_UNROUTABLE', reason: 'no such topic' }],
  [new TypeError('a defect'), { kind: 'refused', code: 'ES_PUBLISH_REFUSED' }],
  [new BrokerError('ES_BROKER_UNAVAILABLE', 'not yet'), { kind: 'again', withNewProducer: false, isUnreachable: false }],
  [failure({ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }, 2), { kind: 'again', withNewProducer: false, isUnreachable: true }],
  [failure({ type: 'NOT_ENOUGH_REPLICAS', retriable: true }, 1), { kind: 'again', withNewProducer: false, isUnreachable: false }],
  [failure({ type: 'UNKNOWN_TOPIC_OR_PARTITION', retriable: true }), { kind: 'again', withNewProducer: false, isUnreachable: false }],
  [failure({ type: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }, 1), { kind: 'again', withNewProducer: true }],
])('a send that failed by %o is judged %o', (error, verdict) => {
  expect(judgeSend(error)).toMatchObject(verdict);
});

test('a missing topic is found among the causes', () => {
  expect([isUnknownTopic(failure({ type: 'UNKNOWN_TOPIC_OR_PARTITION' }, 2)), isUnknownTopic('text')]).toEqual([true, false]);
});
