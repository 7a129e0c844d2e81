import { expect, test } from 'vitest';
import { asked, ConfluentError, done, isForGood, isRefusal } from './confluent-failure.ts';
import { explainFailure, judgeSend } from './kafka-failure.ts';

const failure = (code: number, message = 'words') => new ConfluentError({ code, message });

test.each([
  [-195, 'ES_BROKER_UNAVAILABLE'],
  [-185, 'ES_BROKER_UNAVAILABLE'],
  [-181, 'ES_BROKER_ACCESS'],
  [-169, 'ES_BROKER_ACCESS'],
  [29, 'ES_BROKER_ACCESS'],
  [30, 'ES_BROKER_ACCESS'],
  [3, 'ES_BROKER_TOPOLOGY'],
  [38, 'ES_BROKER_TOPOLOGY'],
  [-144, 'ES_BROKER_FAILURE'],
])('librdkafka’s number %i is explained as %s', (number, code) => {
  expect(explainFailure(failure(number), 'Joining', 'a cluster')).toMatchObject({ code });
});

test.each([
  [10, { kind: 'refused', code: 'ES_PUBLISH_TOO_LARGE' }],
  [29, { kind: 'refused', code: 'ES_PUBLISH_REFUSED' }],
  [-144, { kind: 'refused', code: 'ES_PUBLISH_REFUSED' }],
  [-169, { kind: 'shut-out' }],
  [-192, { kind: 'again', isUnreachable: true }],
  [14, { kind: 'again', isUnreachable: false }],
  [45, { kind: 'again', withNewProducer: true }],
])('a record that fails by number %i is judged', (number, verdict) => {
  expect(judgeSend(failure(number))).toMatchObject(verdict);
});

test('what happens by itself comes without a number, and is known by its words', () => {
  expect(failure(-1, 'Local: Authentication failure').number).toBe(-169);
  expect(isRefusal(failure(-1, 'ssl error'))).toBe(true);
  expect(failure(-1, 'Broker: Cluster authorization failed').type).toBe('CLUSTER_AUTHORIZATION_FAILED');
  expect(failure(-1, 'something else').number).toBe(-1);
});

test('librdkafka gets over lost brokers and moved coordinators by itself, and over missing rights it does not', () => {
  expect([-195, -187, 15, 16].map((number) => isForGood(failure(number)))).toEqual([false, false, false, false]);
  expect([30, 29, 23, -150].map((number) => isForGood(failure(number)))).toEqual([true, true, true, true]);
});

test('what is called back becomes a promise', async () => {
  expect(await asked<number>((called) => called(null, 7))).toBe(7);
  await expect(done((called) => called({ code: 30, message: 'Broker: no' }))).rejects.toMatchObject({ type: 'GROUP_AUTHORIZATION_FAILED' });
});
