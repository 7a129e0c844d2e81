import type { SnapshotRecord, SnapshotStorage, StorageDescription, StreamId } from '@es/core';
import { assertText } from './append-batch.ts';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import type { SqlNames } from './sql-names.ts';

type SnapshotRow = readonly [version: string, stateSchemaVersion: string, createdAt: string, state: string];

/** Snapshots in the table `snapshots`. */
export class PostgresSnapshotStorage implements SnapshotStorage {
  readonly description: StorageDescription;
  readonly #connection: PostgresConnection;
  readonly #statements: ReturnType<typeof snapshotStatements>;

  constructor(connection: PostgresConnection) {
    this.description = connection.describe('snapshots');
    this.#connection = connection;
    this.#statements = snapshotStatements(connection.names);
  }

  async save({ aggregateType, aggregateId, version, stateSchemaVersion, createdAt, state }: SnapshotRecord): Promise<void> {
    assertText(aggregateType);
    assertText(aggregateId);
    const values = [aggregateId, aggregateType, version, stateSchemaVersion, createdAt, state];
    await this.#connection.query('save', this.#statements.save, values);
  }

  async get({ aggregateType, aggregateId }: StreamId): Promise<SnapshotRecord | undefined> {
    const { rows } = await this.#connection.query('get', this.#statements.get, [aggregateId, aggregateType]);
    if (rows.length === 0) return undefined;
    const [version, stateSchemaVersion, createdAt, state] = rows[0] as SnapshotRow;
    return { aggregateType, aggregateId, version: Number(version), stateSchemaVersion: Number(stateSchemaVersion), createdAt, state };
  }

  async delete({ aggregateType, aggregateId }: StreamId): Promise<boolean> {
    const { rowCount } = await this.#connection.query('delete', this.#statements.delete, [aggregateId, aggregateType]);
    return rowCount === 1;
  }

  async exists({ aggregateType, aggregateId }: StreamId): Promise<boolean> {
    const { rows } = await this.#connection.query('exists', this.#statements.exists, [aggregateId, aggregateType]);
    return rows.length > 0;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

function snapshotStatements({ schema }: SqlNames): Record<'save' | 'get' | 'delete' | 'exists', Statement> {
  const ofStream = `FROM ${schema}.snapshots WHERE aggregate_id = $1 AND aggregate_type = $2`;
  return {
    save: {
      name: 'es_snap_save',
      text: `INSERT INTO ${schema}.snapshots AS stored (aggregate_id, aggregate_type, version, state_schema_version, created_at, state)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (aggregate_id, aggregate_type) DO UPDATE SET
  version = excluded.version, state_schema_version = excluded.state_schema_version, created_at = excluded.created_at, state = excluded.state
WHERE (excluded.state_schema_version, excluded.version) >= (stored.state_schema_version, stored.version)`,
    },
    get: { name: 'es_snap_get', text: `SELECT version, state_schema_version, created_at, state ${ofStream}` },
    delete: { name: 'es_snap_del', text: `DELETE ${ofStream}` },
    exists: { name: 'es_snap_has', text: `SELECT 1 ${ofStream}` },
  };
}
