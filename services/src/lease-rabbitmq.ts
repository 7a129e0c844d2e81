import type { Lease } from './lease.ts';
import { rabbitmq } from './rabbitmq.ts';
import { deleteVirtualHosts } from './rabbitmq-management.ts';
import { leaseForRun } from './run-lease.ts';

/** RabbitMQ for a run that is no test run; its virtual hosts are called by `testName`, and deleted at the end. */
export const leaseRabbitMQ = (): Promise<Lease> => leaseForRun({ service: rabbitmq, tidy: deleteVirtualHosts });
