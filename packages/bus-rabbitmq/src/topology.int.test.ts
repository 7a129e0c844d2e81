import { randomUUID } from 'node:crypto';
import { ClosedError } from '@es/core';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { askManagement } from '@es-internal/services/rabbitmq-management';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { connect } from 'amqplib';
import { expect, test, vi } from 'vitest';
import { consume, newPlace, openBus } from './bus.fixture.ts';
import { publishRaw } from './raw.fixture.ts';

const handler = (): void => undefined;

describeWithRabbitMQ('exchanges and queues', ({ url, virtualHost }) => {
  test('a group that was set up with another number of partitions is not touched, and the error says the number', async () => {
    const place = newPlace(url, { partitions: 3 });
    await (await consume(place, handler)).stop();
    const other = openBus({ ...place, partitions: 2 });
    await expect(other.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_TOPOLOGY',
      message: expect.stringContaining('was set up with 3 partitions. Use `partitions: 3`'),
    });
    await other.stop();
  });

  test('a group that was set up with another ordering is not touched', async () => {
    for (const [first, second] of [
      ['aggregate', 'none'],
      ['none', 'aggregate'],
    ] as const) {
      const place = newPlace(url);
      await (await consume({ ...place, ordering: first }, handler)).stop();
      const other = openBus({ ...place, ordering: second });
      await expect(other.startConsuming()).rejects.toMatchObject({
        code: 'ES_BROKER_TOPOLOGY',
        message: expect.stringContaining(`exchange ${place.exchange}.readers`),
      });
      await other.stop();
    }
  });

  test('an exchange of another type is an error of publishing and consuming, and both may be tried again', async () => {
    const place = newPlace(url);
    const connection = await connect(url);
    const channel = await connection.createChannel();
    await channel.assertExchange(place.exchange, 'fanout');
    const bus = openBus(place);
    const refused = { code: 'ES_BROKER_TOPOLOGY', message: expect.stringContaining(`exchange ${place.exchange}`) };
    await expect(bus.startConsuming()).rejects.toMatchObject(refused);
    await expect(bus.publish([eventOf('counter', 1)])).rejects.toMatchObject(refused);
    await channel.deleteExchange(place.exchange);
    await connection.close();
    await bus.startConsuming();
    await bus.publish([eventOf('counter', 1)]);
    await bus.stop();
  });

  test('a bus that may not declare says what is missing, and works with what is there', async () => {
    const place = newPlace(url);
    const bus = openBus({ ...place, declare: false });
    await expect(bus.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_TOPOLOGY',
      message: expect.stringContaining(`exchange ${place.exchange}`),
    });
    await (await consume(place, handler)).stop();
    const ledger = new Ledger();
    bus.subscribe('Counted', ledger.handler(), { name: 'handler' });
    await bus.startConsuming();
    const events = eventsOf(4, 2);
    await bus.publish(events);
    await ledger.untilComplete(events);
    await bus.stop();
  });

  test('names and bindings are as the options say, and a group gets what its bindings match', async () => {
    const place = newPlace(url, { queue: `mail-${randomUUID().slice(0, 8)}`, deadLetterQueue: `lost-${randomUUID().slice(0, 8)}` });
    const ledger = new Ledger();
    await using bus = await consume({ ...place, bindings: ['Counter.*', 'Invoice.Paid'] }, ledger.handler());
    const all = newPlace(url, { exchange: place.exchange, consumerGroup: 'all' });
    await using _all = await consume(all, handler);
    const wanted = [eventOf('a', 1), eventOf('b', 1, { aggregateType: 'Invoice', type: 'Paid' })];
    await bus.publish([eventOf('c', 1, { aggregateType: 'Invoice', type: 'Sent' }), ...wanted]);
    await ledger.untilComplete(wanted);
    const queues = (await askManagement(url, 'GET', `queues/${virtualHost}`)) as { readonly name: string }[];
    const names = queues.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([`${place.queue}.0`, `${place.queue}.1`, place.deadLetterQueue]));
  });

  test('messages of publishers that know no slots come too', async () => {
    const place = newPlace(url, { partitions: 4 });
    await using bus = await consume(place, handler);
    await publishRaw(url, place.exchange, { headers: {}, body: 'not an event' }, 'Some.Thing');
    await vi.waitFor(async () => expect(await bus.deadLetters.count()).toBe(1), { timeout: 10_000 });
    const [letter] = await bus.deadLetters.list();
    expect(letter).toMatchObject({ reason: 'undecodable', destination: place.exchange, content: { body: 'not an event' } });
  });

  test('by option an event that no queue gets is accepted', async () => {
    await using bus = openBus(newPlace(url, { unroutable: 'accept' }));
    await bus.publish([eventOf('counter', 1)]);
  });

  test('an event that exceeds what AMQP can carry in headers is refused, and those beside it are not', async () => {
    const place = newPlace(url);
    const ledger = new Ledger();
    await using bus = await consume(place, ledger.handler());
    const [good, bad] = [eventOf('good', 1), eventOf('bad', 1, { metadata: { note: 'x'.repeat(70_000) } })];
    await expect(bus.publish([bad, good])).rejects.toMatchObject({
      code: 'ES_PUBLISH_TOO_LARGE',
      unconfirmed: [expect.objectContaining({ id: bad.id })],
    });
    await ledger.untilComplete([good]);
  });

  test('consuming needs a group; stopping ends a start that is under way', async () => {
    const { consumerGroup: _, ...place } = newPlace(url);
    const publisher = openBus(place);
    await expect(publisher.startConsuming()).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
    await publisher.stop();
    const bus = openBus(newPlace(url));
    const starting = bus.startConsuming().then(
      () => 'started',
      (error: unknown) => error instanceof ClosedError,
    );
    await bus.stop();
    expect(['started', true]).toContainEqual(await starting);
  });
});

describeWithRabbitMQ('brokers that can’t be used', ({ url, virtualHost }) => {
  const withLogin = (username: string, password: string, path = `/${virtualHost}`): string => {
    const other = new URL(url);
    Object.assign(other, { username, password, pathname: path });
    return other.href;
  };

  test('a wrong password is told at once, to publishers and consumers, and shown to nobody', async () => {
    const bus = openBus(newPlace(withLogin('es', 'not-the-password'), { publishTimeoutMs: 20_000 }));
    for (const fail of [() => bus.startConsuming(), () => bus.publish([eventOf('counter', 1)]), () => bus.deadLetters.count()]) {
      const error = await fail().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ code: 'ES_BROKER_ACCESS' });
      expect(String(error)).not.toContain('not-the-password');
    }
    await bus.stop();
  });

  test('so is a virtual host that is not there', async () => {
    const bus = openBus(newPlace(withLogin(new URL(url).username, new URL(url).password, '/nowhere')));
    await expect(bus.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_ACCESS',
      message: expect.stringContaining('virtual host'),
    });
    await expect(bus.publish([eventOf('counter', 1)])).rejects.toMatchObject({ code: 'ES_BROKER_ACCESS' });
    await bus.stop();
  });

  test('the rights that the README lists are enough, and a user who may only publish can do nothing else', async () => {
    const exchange = `events-${randomUUID().slice(0, 8)}`;
    const names = `${exchange}(\\.readers(\\..*)?)?`;
    const rights = {
      publisher: { configure: `^${exchange}$`, write: `^${exchange}$`, read: '^$' },
      consumer: { configure: `^${names}$`, write: `^(${exchange}\\.readers(\\..*)?|amq\\.default)$`, read: `^${names}$` },
      checkingPublisher: { configure: '^$', write: `^${exchange}$`, read: '^$' },
      checkingConsumer: { configure: '\\.reader$', write: '^amq\\.default$', read: `^${exchange}\\.readers(\\..*)?$` },
      nobody: { configure: '^$', write: '^$', read: '^$' },
    };
    const users = Object.keys(rights).map((name) => `${name}-${exchange}`);
    for (const [name, permissions] of Object.entries(rights)) {
      await askManagement(url, 'PUT', `users/${name}-${exchange}`, { password: 'secret', tags: '' });
      await askManagement(url, 'PUT', `permissions/${virtualHost}/${name}-${exchange}`, permissions);
    }
    const place = (name: keyof typeof rights): ReturnType<typeof newPlace> =>
      newPlace(withLogin(`${name}-${exchange}`, 'secret'), { exchange, declare: !name.startsWith('checking'), retry: { maxAttempts: 1 } });
    for (const [publishing, consuming] of [
      ['publisher', 'consumer'],
      ['checkingPublisher', 'checkingConsumer'],
    ] as const) {
      const publisher = openBus(place(publishing));
      const consumer = await consume(place(consuming), () => {
        throw new Error('fails');
      });
      const event = eventOf('counter', 1);
      await publisher.publish([event]);
      await vi.waitFor(async () => expect(await consumer.deadLetters.purge()).toBe(1), { timeout: 10_000 });
      await expect(publisher.startConsuming()).rejects.toMatchObject({ code: 'ES_BROKER_ACCESS' });
      await Promise.all([publisher.stop(), consumer.stop()]);
    }
    const nobody = openBus({ ...place('nobody'), declare: false });
    await expect(nobody.publish([eventOf('counter', 2)])).rejects.toMatchObject({ code: 'ES_BROKER_ACCESS' });
    await nobody.stop();
    for (const user of users) await askManagement(url, 'DELETE', `users/${user}`);
  });

  test('a broker that is away is told when consuming starts, which may be tried again', async () => {
    const bus = openBus(newPlace('amqp://127.0.0.1:1', { publishTimeoutMs: 200 }));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(bus.startConsuming()).rejects.toMatchObject({
        code: 'ES_BROKER_UNAVAILABLE',
        message: expect.stringContaining('127.0.0.1:1'),
      });
    }
    await expect(bus.publish([eventOf('counter', 1)])).rejects.toMatchObject({ code: 'ES_PUBLISH_UNCONFIRMED' });
    await expect(bus.deadLetters.add({ ...letter, id: randomUUID() })).rejects.toMatchObject({ code: 'ES_BROKER_UNAVAILABLE' });
    await bus.stop();
  });
});

const letter = {
  source: 'readers',
  destination: 'events',
  headers: {},
  content: { kind: 'raw', encoding: 'utf8', body: '' },
  reason: 'undecodable',
  error: { name: 'Error', message: '' },
  attempts: 1,
  firstFailedAt: '2026-01-02T03:04:05.678Z',
  lastFailedAt: '2026-01-02T03:04:05.678Z',
} as const;
