import type { TestProject } from 'vitest/node';
import { leaseService, type Offer } from '../lease.ts';
import { workplaceOf } from '../workplace.ts';
import { zipkin } from '../zipkin.ts';

declare module 'vitest' {
  interface ProvidedContext {
    zipkin: Offer;
  }
}

/** A vitest global set-up: Zipkin is there before a package's tests, and goes afterwards unless someone else wants it. */
const setUp = async (project: TestProject): Promise<() => Promise<void>> => {
  const { offer, end } = await leaseService(workplaceOf(process.env), zipkin);
  project.provide('zipkin', offer);
  return end;
};

export default setUp;
