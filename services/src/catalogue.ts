import { ServiceFailed } from './errors.ts';
import { kafka } from './kafka.ts';
import { pgbouncer } from './pgbouncer.ts';
import { postgres } from './postgres.ts';
import { rabbitmq } from './rabbitmq.ts';
import type { Service } from './service.ts';
import { zipkin } from './zipkin.ts';

/** Every service, each one behind those that it needs. */
export const services: readonly Service[] = [postgres, pgbouncer, rabbitmq, kafka, zipkin];

/** @throws {@link ServiceFailed} that names all there are, for a name that is none of them. */
export const serviceNamed = (name: string): Service => {
  const found = services.find((service) => service.name === name);
  if (found === undefined)
    throw new ServiceFailed(`There is no service "${name}", only ${services.map((service) => service.name).join(', ')}.`);
  return found;
};
