import type { AmqpChannel } from './amqp-driver.ts';

/**
 * The driver's own way to consume. Instrumentation puts another one in its place, which makes a span of its own for every delivery, in whatever
 * context it is called; ours is made where the message is handled.
 */
export function plainConsume(channel: AmqpChannel): AmqpChannel['consume'] {
  const { consume }: { readonly consume: AmqpChannel['consume'] & { readonly __original?: AmqpChannel['consume'] } } = channel;
  return (consume.__original ?? consume).bind(channel);
}
