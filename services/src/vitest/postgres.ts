import type { TestProject } from 'vitest/node';
import { dropDatabases } from '../databases.ts';
import type { Offer } from '../lease.ts';
import { postgres } from '../postgres.ts';
import { setUpFor } from './set-up.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: Offer;
  }
}

/** A vitest global set-up: PostgreSQL is there before a package's tests, and goes afterwards unless someone else wants it. */
const setUp: (project: TestProject) => Promise<() => Promise<void>> = setUpFor({
  service: postgres,
  provide: (project, offer) => project.provide('postgres', offer),
  tidy: dropDatabases,
});

export default setUp;
