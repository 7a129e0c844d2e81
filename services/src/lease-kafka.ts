import { kafka } from './kafka.ts';
import { deleteFromKafka } from './kafka-admin.ts';
import type { Lease } from './lease.ts';
import { leaseForRun } from './run-lease.ts';

/** Kafka for a run that is no test run; its topics and groups are called by `testName`, and deleted at the end. */
export const leaseKafka = (): Promise<Lease> => leaseForRun({ service: kafka, tidy: deleteFromKafka });
