import {
  describeCheckpointStore,
  describeDeadLetterStore,
  describeEventStore,
  describeInbox,
  describeSnapshotStore,
  type ExpectedTelemetry,
} from '@es/testing';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, test } from 'vitest';
import {
  PostgresCheckpointStore,
  PostgresDeadLetterStore,
  PostgresEventStore,
  PostgresInbox,
  PostgresSnapshotStore,
  type PostgresTransaction,
  postgresEventStoreCapabilities,
  postgresMigrations,
  postgresStoreCapabilities,
} from './index.ts';

const runner = { describe, test };

describeWithPostgres('on PostgreSQL', ({ name, url }) => {
  const pool = new Pool({ connectionString: url, max: 20 });
  beforeAll(async () => {
    for (const { sql } of postgresMigrations()) await pool.query(sql);
    await pool.query('CREATE TABLE es.notes (note text NOT NULL)');
  });
  afterAll(() => pool.end());

  /** Each case begins with empty tables, much faster than with tables made for it. */
  const cleanup = async (): Promise<void> => {
    const tables = ['events', 'event_tags', 'pending_events', 'snapshots', 'checkpoints', 'dead_letters', 'inbox', 'notes'];
    await pool.query(`${tables.map((table) => `DELETE FROM es.${table};`).join('')} ALTER SEQUENCE es.positions RESTART`);
  };

  const { hostname, port } = new URL(url);
  const telemetry: ExpectedTelemetry = {
    scope: '@es/store-postgres',
    kind: 'CLIENT',
    attributes: {
      'db.system.name': 'postgresql',
      'db.system': 'postgresql',
      'db.namespace': `${name}|es`,
      'server.address': hostname,
      'server.port': Number(port),
    },
  };

  describeEventStore({
    runner,
    name: 'PostgresEventStore',
    capabilities: postgresEventStoreCapabilities,
    telemetry,
    create: () => ({ open: (options) => new PostgresEventStore({ ...options, pool }), cleanup }),
  });

  describeSnapshotStore({
    runner,
    name: 'PostgresSnapshotStore',
    capabilities: postgresStoreCapabilities,
    telemetry,
    create: () => ({ open: (options) => new PostgresSnapshotStore({ ...options, pool }), cleanup }),
  });

  describeCheckpointStore({
    runner,
    name: 'PostgresCheckpointStore',
    capabilities: postgresStoreCapabilities,
    create: () => ({ open: () => new PostgresCheckpointStore({ pool }), cleanup }),
  });

  describeDeadLetterStore({
    runner,
    name: 'PostgresDeadLetterStore',
    capabilities: postgresStoreCapabilities,
    create: () => ({ open: () => new PostgresDeadLetterStore({ pool }), cleanup }),
  });

  describeInbox<PostgresTransaction>({
    runner,
    name: 'PostgresInbox',
    capabilities: postgresStoreCapabilities,
    create: () => ({
      open: () => new PostgresInbox({ pool }),
      notes: {
        write: (transaction, note) => transaction.query('INSERT INTO es.notes VALUES ($1)', [note]),
        read: async () => (await pool.query<{ note: string }>('SELECT note FROM es.notes')).rows.map(({ note }) => note),
      },
      cleanup,
    }),
  });
});
