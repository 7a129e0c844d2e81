import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendStatements } from './append-events.ts';
import type { FilterName } from './filters.ts';
import { someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';
import { selectHead, selectNext, selectNextOf } from './read-all.ts';
import { streamStatements } from './read-stream.ts';
import { sqlNames } from './sql-names.ts';

const names = sqlNames('es');

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

describeWithPostgres('plans', ({ url }) => {
  const pool = new Pool({ connectionString: url, max: 1 });
  const store = new PostgresEventStore({ connectionString: url, tracing: false, metrics: false });
  beforeAll(async () => {
    for (let index = 0; index < 20; index += 1) {
      const events = Array.from({ length: 500 }, (_, number) =>
        someEvents(1, {
          type: number === 7 ? 'Rare' : 'Common',
          ...(number % 10 === 0 ? { tenantId: 'acme', correlationId: `order-${index}` } : {}),
          ...(number % 10 === 1 ? { tags: ['red'] } : {}),
        }),
      ).flat();
      await store.appendEvents({ aggregateType: index === 3 ? 'Few' : 'Many', aggregateId: String(index) }, events, { expectedVersion: 0 });
    }
    await pool.query('VACUUM ANALYZE');
    // The plan that a prepared statement has in the end, for whatever values.
    await pool.query('SET plan_cache_mode = force_generic_plan');
  });
  afterAll(async () => {
    await store.close();
    await pool.end();
  });

  const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

  /** The indexes that a statement uses; it must neither read a whole table nor sort. */
  async function indexesOf(text: string, values: readonly unknown[], maySort = false): Promise<string[]> {
    await pool.query(`PREPARE planned AS ${text}`);
    const literals = values.map((value) => (typeof value === 'number' ? String(value) : `'${String(value)}'`));
    const { rows } = await pool.query(`EXPLAIN (FORMAT json) EXECUTE planned${literals.length === 0 ? '' : `(${literals.join(', ')})`}`);
    await pool.query('DEALLOCATE planned');
    const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan);
    const types = nodes.map((node) => node['Node Type']);
    expect(types).not.toContain('Seq Scan');
    if (!maySort) expect(types).not.toContain('Sort');
    return [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))].sort();
  }

  describe('use an index, and no sort where the index has the order', () => {
    test('for a part of the log', async () => {
      expect(await indexesOf(selectNext(names).text, [100, 100])).toEqual(['events_position']);
      expect(await indexesOf(selectHead(names).text, [])).toEqual(['events_position']);
    });

    test.for(['forward', 'backward'] as const)('for a stream, %s', async (direction) => {
      expect(await indexesOf(streamStatements(names)[direction].text, ['5', 'Many', 1, 100])).toEqual(['events_stream']);
    });

    test('for what an append asks', async () => {
      const { streamEnd, places } = appendStatements(names);
      expect(await indexesOf(streamEnd.text, ['5', 'Many'])).toEqual(['events_stream']);
      expect(await indexesOf(places.text, ['{a,b}'])).toEqual(['events_id']);
    });

    test.for([
      ['types', '{Rare,None}', ['events_position', 'events_type']],
      ['aggregateTypes', '{Few}', ['events_aggregate_type', 'events_position']],
      ['tenantId', '{acme}', ['events_position', 'events_tenant']],
      ['tags', '{red}', ['event_tags_position', 'events_position']],
    ] as const)('for the filter by %s', async ([filter, words, indexes]: readonly [FilterName, string, readonly string[]]) => {
      // The few positions that were found are sorted, not the log.
      expect(await indexesOf(selectNextOf(names, filter).text, [words, 0, 100], true)).toEqual(indexes);
    });

    test('for events by correlation id, as the README says', async () => {
      const text = `SELECT position, type FROM es.events WHERE correlation_id = $1 AND correlation_id <> id
UNION ALL SELECT position, type FROM es.events WHERE id = $1 AND correlation_id = $1 ORDER BY position`;
      expect(await indexesOf(text, ['order-3'], true)).toEqual(['events_correlation', 'events_id']);
      expect((await pool.query(text, ['order-3'])).rows.length).toBe(50);
    });
  });

  test('data is queryable as JSON', async () => {
    await store.appendEvents({ aggregateType: 'Order', aggregateId: 'o' }, someEvents(1, { data: { total: 12, lines: [{ sku: 'a' }] } }), {
      expectedVersion: 0,
    });
    const { rows } = await pool.query(
      'SELECT data ->> \'total\' AS total FROM es.events WHERE data::jsonb @> \'{"lines":[{"sku":"a"}]}\' AND aggregate_type = \'Order\'',
    );
    expect(rows).toEqual([{ total: '12' }]);
  });
});
