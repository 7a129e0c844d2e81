import { PostgresEventStore } from '@es/store-postgres';
import { OrderStore } from './order-stores.ts';

/** The library on PostgreSQL, as it is by default, with a pool of its own. */
export const openPostgresStore = (connectionString: string): OrderStore => new OrderStore(new PostgresEventStore({ connectionString }));
