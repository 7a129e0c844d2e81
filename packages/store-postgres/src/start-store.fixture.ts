import { PostgresEventStore } from './index.ts';

const store = new PostgresEventStore({ connectionString: process.env['ES_TEST_URL'] ?? '', schema: 'processes' });
await store.getHeadPosition();
await store.close();
