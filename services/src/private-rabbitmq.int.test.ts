import { existsSync } from 'node:fs';
import { type ChannelModel, connect } from 'amqplib';
import { expect, it } from 'vitest';
import { createCertificate } from './certificate.ts';
import { ServiceUnavailable } from './errors.ts';
import { startPrivateRabbitMQ } from './private-rabbitmq.ts';

const using = async <T>(connecting: Promise<ChannelModel>, action: (connection: ChannelModel) => Promise<T>): Promise<T> => {
  const connection = await connecting;
  try {
    return await action(connection);
  } finally {
    await connection.close();
  }
};

const durable = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

it.for([
  { name: 'the machine’s own version', of: /^\d+\./ },
  { name: 'version 4.0', version: '4.0', of: /^4\.0\./ },
] as const)(
  'a private RabbitMQ of $name can be killed and started at the same URL with its messages, and leaves nothing behind',
  async ({ of, ...variant }, { skip }) => {
    let folder = '';
    try {
      const tls = await createCertificate();
      await using server = await startPrivateRabbitMQ({ ...variant, settings: { heartbeat: '7' }, tls });
      folder = server.folder;
      await using(connect(server.tlsUrl, { ca: tls.ca }), async (connection) => {
        expect(connection.connection).toMatchObject({ heartbeat: 7, serverProperties: { version: expect.stringMatching(of) } });
        const channel = await connection.createConfirmChannel();
        await channel.assertQueue('kept', durable);
        channel.sendToQueue('kept', Buffer.from('42'), { persistent: true });
        await channel.waitForConfirms();
        await server.untilNoted('kept');
      });
      await expect(connect(server.tlsUrl)).rejects.toThrow(/certificate/);
      await server.kill();
      await expect(connect(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.start();
      await using(connect(server.url), async (connection) => {
        const channel = await connection.createChannel();
        expect(await channel.get('kept')).toMatchObject({ content: Buffer.from('42') });
      });
    } catch (failure) {
      if (failure instanceof ServiceUnavailable) skip(failure.message);
      throw failure;
    }
    expect(existsSync(folder)).toBe(false);
  },
);
