import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { SELECT_ANY_TAKEN, SELECT_PLACE, SELECT_STREAM_END } from './append-events.ts';
import { NEXT_OF_AGGREGATE_TYPE, NEXT_OF_TENANT, NEXT_OF_TYPE, NEXT_WITH_TAG } from './filters.ts';
import { letterStatements } from './letter-statements.ts';
import { SELECT_HEAD, SELECT_MATCHING, SELECT_RANGE } from './read-all.ts';
import { SELECT_BACKWARD, SELECT_FORWARD } from './read-stream.ts';
import { event, task } from './sample-events.fixture.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { DELETE_HANDLED } from './sqlite-inbox-storage.ts';

const byStream = 'es_events USING INDEX es_events_stream (aggregate_type=? AND aggregate_id=? AND version>? AND version<?)';

/** How each statement gets at the rows of a table. What is not listed would be a scan, or a sort of more than a page. */
const searches: readonly (readonly [name: string, sql: string, ...searches: string[]])[] = [
  ['end of a stream', SELECT_STREAM_END, 'es_events USING COVERING INDEX es_events_stream (aggregate_type=? AND aggregate_id=?)'],
  ['place of an event', SELECT_PLACE, 'es_events USING INDEX es_events_id (id=?)'],
  ['ids that are taken', SELECT_ANY_TAKEN, 'event USING COVERING INDEX es_events_id (id=?)'],
  ['stream forward', SELECT_FORWARD, byStream],
  ['stream backward', SELECT_BACKWARD, byStream],
  ['head of the log', SELECT_HEAD, 'es_events'],
  ['range of the log', SELECT_RANGE, 'es_events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  ['next of a type', NEXT_OF_TYPE, 'es_events USING COVERING INDEX es_events_type (type=? AND rowid>? AND rowid<?)'],
  [
    'next of an aggregate type',
    NEXT_OF_AGGREGATE_TYPE,
    'es_events USING COVERING INDEX es_events_aggregate_type (aggregate_type=? AND rowid>? AND rowid<?)',
  ],
  ['next of a tenant', NEXT_OF_TENANT, 'es_events USING COVERING INDEX es_events_tenant (tenant_id=? AND rowid>? AND rowid<?)'],
  ['next with a tag', NEXT_WITH_TAG, 'es_event_tags USING PRIMARY KEY (tag=? AND position>? AND position<?)'],
  ['dead letters', letterStatements({}).list, 'es_dead_letters USING INDEX sqlite_autoindex_es_dead_letters_1 (id>?)'],
  [
    'dead letters of a source',
    letterStatements({ source: 'a', handler: 'b' }).list,
    'es_dead_letters USING INDEX es_dead_letters_source (source=? AND id>?)',
  ],
  [
    'handled events to forget',
    DELETE_HANDLED,
    'es_inbox USING PRIMARY KEY (event_id=? AND handler=?)',
    'es_inbox USING COVERING INDEX es_inbox_handled_at (handled_at<?)',
  ],
  ['matching events', SELECT_MATCHING, 'event USING INTEGER PRIMARY KEY (rowid=?)', 'own USING PRIMARY KEY (tag=? AND position=?)'],
];

function planOf(database: SqliteDatabase, sql: string): string[] {
  const names = sql.match(/@\w+/g)?.map((name) => [name.slice(1), null]);
  const parameters = names === undefined ? (sql.match(/\?/g) ?? []).map(() => null) : [Object.fromEntries(names)];
  return (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[]).map(({ detail }) => detail);
}

function accessesOf(plan: readonly string[]): string[] {
  // What else is scanned are the JSON arrays among the parameters, and the rows that a search has found.
  return plan.filter((detail) => /^(SEARCH|SCAN)/.test(detail) && !/^SCAN (\w+ VIRTUAL TABLE|\(subquery)/.test(detail));
}

describe('every statement finds its rows by an index', () => {
  test.each(searches)('%s', async (_, sql, ...expected) => {
    const database = new Database(':memory:');
    const store = new SqliteEventStore({ database });
    const lines = expected.map((search) => `SEARCH ${search}`);
    expect(accessesOf(planOf(database, sql))).toEqual(lines);
    // Statistics must not lead the planner astray: here every event matches everything, where a scan would be as good.
    const alike = Array.from({ length: 500 }, () => event('Same', {}, { tags: ['same'], tenantId: 'same' }));
    await store.appendEvents(task('same'), alike, { expectedVersion: 0 });
    database.exec('ANALYZE');
    expect(accessesOf(planOf(database, sql))).toEqual(lines);
  });

  test('only a page of matching events is ever sorted', () => {
    const database = new Database(':memory:');
    new SqliteEventStore({ database });
    const sorting = searches.filter(([, sql]) => planOf(database, sql).some((detail) => detail.includes('TEMP B-TREE')));
    expect(sorting.map(([name]) => name)).toEqual(['matching events']);
  });
});
