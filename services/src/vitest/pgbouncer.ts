import type { TestProject } from 'vitest/node';
import { leaseService, type Offer } from '../lease.ts';
import { pgbouncer } from '../pgbouncer.ts';
import { workplaceOf } from '../workplace.ts';

declare module 'vitest' {
  interface ProvidedContext {
    pgbouncer: Offer;
  }
}

/** A vitest global set-up: PgBouncer is there before a package's tests, and goes afterwards unless someone else wants it. */
const setUp = async (project: TestProject): Promise<() => Promise<void>> => {
  const { offer, end } = await leaseService(workplaceOf(process.env), pgbouncer);
  project.provide('pgbouncer', offer);
  return end;
};

export default setUp;
