import type { TestProject } from 'vitest/node';
import { kafka } from '../kafka.ts';
import { deleteFromKafka } from '../kafka-admin.ts';
import type { Offer } from '../lease.ts';
import { setUpFor } from './set-up.ts';

declare module 'vitest' {
  interface ProvidedContext {
    kafka: Offer;
  }
}

/** A vitest global set-up: Kafka is there before a package's tests, and goes afterwards unless someone else wants it. */
const setUp: (project: TestProject) => Promise<() => Promise<void>> = setUpFor({
  service: kafka,
  provide: (project, offer) => project.provide('kafka', offer),
  tidy: deleteFromKafka,
});

export default setUp;
