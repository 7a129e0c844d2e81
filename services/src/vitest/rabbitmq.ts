import type { TestProject } from 'vitest/node';
import type { Offer } from '../lease.ts';
import { rabbitmq } from '../rabbitmq.ts';
import { deleteVirtualHosts } from '../rabbitmq-management.ts';
import { setUpFor } from './set-up.ts';

declare module 'vitest' {
  interface ProvidedContext {
    rabbitmq: Offer;
  }
}

/** A vitest global set-up: RabbitMQ is there before a package's tests, and goes afterwards unless someone else wants it. */
const setUp: (project: TestProject) => Promise<() => Promise<void>> = setUpFor({
  service: rabbitmq,
  provide: (project, offer) => project.provide('rabbitmq', offer),
  tidy: deleteVirtualHosts,
});

export default setUp;
