import { ALL_EVENTS } from '@es/core';
import { createCertificate } from '@es-internal/services/certificate';
import { eventOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { type PrivateKafka, startPrivateKafka } from '@es-internal/services/private-kafka';
import { until } from '@es-internal/services/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BusOptions, openBus } from './bus.fixture.ts';
import type { KafkaEventBus } from './index.ts';

describe('a broker with TLS and a login', () => {
  const password = 'correct horse: battery/staple';
  let kafka: PrivateKafka;
  let ca: string;
  beforeAll(async () => {
    const certificate = await createCertificate();
    ca = certificate.ca;
    kafka = await startPrivateKafka({ tls: certificate, users: { app: password } });
  });
  afterAll(() => kafka[Symbol.asyncDispose]());
  const open = (options: BusOptions): KafkaEventBus =>
    openBus({ brokers: kafka.brokers, consumerGroup: 'group', publishTimeoutMs: 5_000, ...options });
  const login = (given: string) => ({ mechanism: 'plain', username: 'app', password: given }) as const;

  test('is talked to as the options say', async () => {
    await using bus = open({ ssl: { ca }, sasl: login(password) });
    const ledger = new Ledger();
    bus.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
    await bus.startConsuming();
    const events = [eventOf('a', 1), eventOf('a', 2)];
    await bus.publish(events);
    await until(() => ledger.has(events), 'both are handled');
    expect(await bus.deadLetters.count()).toBe(0);
  });

  test('refuses a wrong password at once, and no message says it', async () => {
    await using bus = open({ ssl: { ca }, sasl: login('wr0ng-s3cret') });
    const refused = await bus.startConsuming().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ES_BROKER_ACCESS', message: expect.stringContaining('Check mechanism, user and password') });
    const unpublished = await bus.publish([eventOf('a', 1)]).catch((error: unknown) => error);
    expect(unpublished).toMatchObject({ code: 'ES_BROKER_ACCESS' });
    expect([String(refused), String(unpublished)].join()).not.toContain('s3cret');
  });

  test('is not trusted without its authority', async () => {
    await using bus = open({ ssl: true, sasl: login(password) });
    await expect(bus.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_ACCESS',
      message: expect.stringContaining('certificate authority (`ca`)'),
    });
  });

  test('that speaks TLS is not reached in plain text, and the error says what to look at', async () => {
    await using bus = open({ sasl: login(password) });
    await expect(bus.startConsuming()).rejects.toMatchObject({ code: expect.stringMatching(/^ES_BROKER_(ACCESS|UNAVAILABLE)$/) });
  });
});
