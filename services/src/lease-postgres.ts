import { dropDatabases } from './databases.ts';
import type { Lease } from './lease.ts';
import { postgres } from './postgres.ts';
import { leaseForRun } from './run-lease.ts';

/** PostgreSQL for a run that is no test run; its databases are called by `testName`, and dropped at the end. */
export const leasePostgres = (): Promise<Lease> => leaseForRun({ service: postgres, tidy: dropDatabases });
