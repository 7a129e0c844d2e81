import type { AmqpConnection } from './amqp-driver.ts';
import { Declaration } from './declaration.ts';
import { type ResolvedRabbitMQOptions, slotCount } from './rabbitmq-options.ts';
import { type GroupNames, slotKey } from './topology-names.ts';

/** Browsing dead letters takes them and gives them back, which must never be once too often. RabbitMQ 3.10 knows no "unlimited". */
const endlessDeliveries = 2 ** 31 - 1;

/** Runs declarations on a channel of their own, since the broker closes that at the first that fails. */
async function declareOn(
  connection: AmqpConnection,
  place: string,
  mayDeclare: boolean,
  declare: (declaration: Declaration) => Promise<void>,
): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  await declare(new Declaration(channel, place, mayDeclare));
  await channel.close();
}

/** What publishing needs: the exchange. */
export function declareExchange(connection: AmqpConnection, place: string, options: ResolvedRabbitMQOptions): Promise<void> {
  return declareOn(connection, place, options.declare, (declaration) => declaration.exchange(options.exchange, 'topic'));
}

/** What keeping dead letters needs: their queue. */
export function declareDeadLetters(connection: AmqpConnection, place: string, mayDeclare: boolean, queue: string): Promise<void> {
  return declareOn(connection, place, mayDeclare, (declaration) => deadLetters(declaration, queue));
}

/** What consuming needs: the exchange, the group's own, its queues and all that binds them. */
export function declareGroup(
  connection: AmqpConnection,
  place: string,
  options: ResolvedRabbitMQOptions,
  names: GroupNames,
): Promise<void> {
  return declareOn(connection, place, options.declare, async (declaration) => {
    await declaration.exchange(options.exchange, 'topic');
    if (options.ordering === 'aggregate') await partitioned(declaration, options, names);
    else await unordered(declaration, options, names);
    // Last, so that no event comes before it has a queue to go to.
    for (const binding of options.bindings) await declaration.bindExchange(names.exchange, options.exchange, binding);
  });
}

async function partitioned(declaration: Declaration, options: ResolvedRabbitMQOptions, names: GroupNames): Promise<void> {
  await declaration.exchange(names.exchange, 'direct', { 'alternate-exchange': names.unslotted });
  await declaration.exchange(names.unslotted, 'fanout');
  await deadLetters(declaration, names.deadLetters);
  await declaration.queue(names.members);
  const args = { ...queueArguments(options, names), 'x-single-active-consumer': true };
  for (const queue of names.queues) await declaration.queue(queue, args);
  for (const queue of names.queues.slice(0, 1)) await declaration.bindQueue(queue, names.unslotted, '');
  for (let slot = 0; slot < slotCount; slot += 1) {
    await declaration.bindQueue(names.queues[slot % names.queues.length] ?? '', names.exchange, slotKey(slot));
  }
}

async function unordered(declaration: Declaration, options: ResolvedRabbitMQOptions, names: GroupNames): Promise<void> {
  await declaration.exchange(names.exchange, 'fanout');
  await deadLetters(declaration, names.deadLetters);
  for (const queue of names.queues) {
    await declaration.queue(queue, queueArguments(options, names));
    await declaration.bindQueue(queue, names.exchange, '');
  }
}

function deadLetters(declaration: Declaration, queue: string): Promise<void> {
  return declaration.queue(queue, { 'x-delivery-limit': endlessDeliveries });
}

function queueArguments({ deliveryLimit }: ResolvedRabbitMQOptions, names: GroupNames): Record<string, unknown> {
  return {
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': names.deadLetters,
    // The broker keeps an event until its dead letter is confirmed, which it only does for queues that refuse what is too much.
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}
