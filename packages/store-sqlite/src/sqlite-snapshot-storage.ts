import type { SnapshotRecord, SnapshotStorage, StorageDescription, StreamId } from '@es/core';
import type { SqliteConnection } from './sqlite-connection.ts';

const upsert = `
INSERT INTO es_snapshots (aggregate_type, aggregate_id, version, state_schema_version, created_at, state) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET
  version = excluded.version, state_schema_version = excluded.state_schema_version, created_at = excluded.created_at, state = excluded.state
WHERE (excluded.state_schema_version, excluded.version) >= (state_schema_version, version)`;
const ofStream = 'FROM es_snapshots WHERE aggregate_type = ? AND aggregate_id = ?';
const select = `SELECT version, state_schema_version, created_at, state ${ofStream}`;
const selectExists = `SELECT 1 ${ofStream}`;
const remove = `DELETE ${ofStream}`;

type SnapshotRow = readonly [version: number, stateSchemaVersion: number, createdAt: string, state: string];

/** Snapshots in the table `es_snapshots`. */
export class SqliteSnapshotStorage implements SnapshotStorage {
  readonly description: StorageDescription;
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.description = connection.describe('es_snapshots');
    this.#connection = connection;
  }

  async save({ aggregateType, aggregateId, version, stateSchemaVersion, createdAt, state }: SnapshotRecord): Promise<void> {
    const run = (): unknown =>
      this.#connection.statement(upsert).run(aggregateType, aggregateId, version, stateSchemaVersion, createdAt, state);
    await this.#connection.write('save', { run, bytes: state.length });
  }

  get({ aggregateType, aggregateId }: StreamId): Promise<SnapshotRecord | undefined> {
    return this.#connection.read('get', () => {
      const row = this.#connection.statement(select).get(aggregateType, aggregateId) as SnapshotRow | undefined;
      if (row === undefined) return undefined;
      const [version, stateSchemaVersion, createdAt, state] = row;
      return { aggregateType, aggregateId, version, stateSchemaVersion, createdAt, state };
    });
  }

  delete({ aggregateType, aggregateId }: StreamId): Promise<boolean> {
    return this.#connection.write('delete', { run: () => this.#connection.statement(remove).run(aggregateType, aggregateId).changes > 0 });
  }

  exists({ aggregateType, aggregateId }: StreamId): Promise<boolean> {
    return this.#connection.read('exists', () => this.#connection.statement(selectExists).get(aggregateType, aggregateId) !== undefined);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
