import type { DomainEvent } from '@es/core';
import { type Certificate, createCertificate } from '@es-internal/services/certificate';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { type PrivateRabbitMQ, startPrivateRabbitMQ } from '@es-internal/services/private-rabbitmq';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { consume, newPlace, openBus } from './bus.fixture.ts';

describeWithRabbitMQ('a broker of its own', () => {
  let broker: PrivateRabbitMQ;
  let tls: Certificate;
  beforeAll(async () => {
    tls = await createCertificate();
    broker = await startPrivateRabbitMQ({ tls, settings: { max_message_size: '10000' } });
  });
  afterAll(() => broker[Symbol.asyncDispose]());

  test('over TLS, with an authority of its own', async () => {
    const place = newPlace(broker.tlsUrl);
    const stranger = openBus(place);
    await expect(stranger.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_ACCESS',
      message: expect.stringContaining('socketOptions'),
    });
    await stranger.stop();
    const ledger = new Ledger();
    await using bus = await consume({ ...place, socketOptions: { ca: [tls.ca] } }, ledger.handler());
    const events = eventsOf(2, 2);
    await bus.publish(events);
    await ledger.untilComplete(events);
  });

  test('an event that is too large for it is refused, and others that are published at the same time are not', async () => {
    const ledger = new Ledger();
    await using bus = await consume(newPlace(broker.url), ledger.handler());
    const large = eventOf('large', 1, { data: 'x'.repeat(20_000) });
    const events = eventsOf(5, 4);
    const results = await Promise.allSettled([bus.publish(events.slice(0, 10)), bus.publish([large]), bus.publish(events.slice(10))]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { reason: { code: 'ES_PUBLISH_TOO_LARGE', unconfirmed: [expect.objectContaining({ id: large.id })] } },
      { status: 'fulfilled' },
    ]);
    await ledger.untilComplete(events);
  });

  test('killed and started again while events are published and consumed: none is lost, and order holds', async () => {
    const ledger = new Ledger();
    const place = newPlace(broker.url, { deliveryLimit: 1_000 });
    await using bus = await consume(place, ledger.handler());
    for (const partition of [0, 1]) await broker.untilNoted(`${place.exchange}.readers.${partition}`);
    const events = eventsOf(20, 100);
    const publishing = (async () => {
      for (let from = 0; from < events.length; from += 40) await bus.publish(events.slice(from, from + 40));
    })();
    await vi.waitFor(() => expect(ledger.size).toBeGreaterThan(events.length / 4), { timeout: 20_000, interval: 5 });
    await broker.kill();
    await broker.start();
    await publishing;
    await ledger.untilComplete(events);
  });
});

describeWithRabbitMQ('a broker without memory for messages', () => {
  test('lets publishes wait until their deadline, while consuming and stopping go on', async () => {
    await using broker = await startPrivateRabbitMQ({ settings: { 'vm_memory_high_watermark.absolute': '1MB' } });
    const ledger = new Ledger();
    const bus = await consume(newPlace(broker.url, { publishTimeoutMs: 1_000 }), ledger.handler());
    // The broker lets the first through, and blocks the connection then.
    const confirmed: DomainEvent[] = [];
    const publishing = (async () => {
      for (let version = 1; ; version += 1) {
        const event = eventOf('counter', version);
        await bus.publish([event]);
        confirmed.push(event);
      }
    })();
    await expect(publishing).rejects.toMatchObject({ code: 'ES_PUBLISH_UNCONFIRMED' });
    await vi.waitFor(() => expect(ledger.has(confirmed)).toBe(true), { timeout: 10_000 });
    expect(await bus.stop()).toEqual({ unfinished: 0 });
  });
});
