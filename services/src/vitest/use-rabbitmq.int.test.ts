import { connect } from 'amqplib';
import { expect, it } from 'vitest';
import { askManagement } from '../rabbitmq-management.ts';
import { describeWithRabbitMQ } from './use-rabbitmq.ts';

const seen: string[] = [];

describeWithRabbitMQ('a suite with RabbitMQ', ({ url, virtualHost }) => {
  it('has a virtual host of its own, in which it may do everything', async () => {
    seen.push(virtualHost);
    const connection = await connect(url);
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue('tasks', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    channel.sendToQueue(queue, Buffer.from('hello'));
    await channel.waitForConfirms();
    expect(await channel.get(queue, { noAck: true })).toMatchObject({ content: Buffer.from('hello') });
    await connection.close();
    expect(await askManagement(url, 'GET', `queues/${virtualHost}`)).toMatchObject([{ name: 'tasks', type: 'quorum' }]);
  });
});

describeWithRabbitMQ('the next suite with RabbitMQ', ({ url, virtualHost }) => {
  it('does not see the virtual host of the one before it, which is gone', async () => {
    expect(seen).toHaveLength(1);
    expect(await askManagement(url, 'GET', `queues/${virtualHost}`)).toEqual([]);
    await expect(askManagement(url, 'GET', `vhosts/${seen[0]}`)).rejects.toThrow('404');
  });
});
