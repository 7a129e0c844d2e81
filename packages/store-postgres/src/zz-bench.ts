import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { PostgresEventStore } from '@es/store-postgres';
const url = process.env.ES_POSTGRES_URL!;
const admin = new Pool({ connectionString: url, max: 1 });
await admin.query('DROP DATABASE IF EXISTS esbench WITH (FORCE)'); await admin.query('CREATE DATABASE esbench');
const u = new URL(url); u.pathname = '/esbench';
const pool = new Pool({ connectionString: u.href, max: 20 });
const store = new PostgresEventStore({ pool, tracing: false, metrics: false });
await store.getHeadPosition();
await pool.query(`create schema raw; create table raw.events (position bigserial primary key, id uuid not null unique, stream text not null, version int not null, type text not null, data jsonb not null, meta jsonb not null, at timestamptz default now(), unique(stream, version))`);
const rawSql = { name: 'raw1', text: `insert into raw.events (id, stream, version, type, data, meta) select r.id, $1, $2::int + r.n, r.type, r.data, r.meta from unnest($3::uuid[], $4::text[], $5::jsonb[], $6::jsonb[]) with ordinality r(id,type,data,meta,n) where (select coalesce(max(version),0) from raw.events where stream=$1) = $2 returning version` };
const data = () => ({ title: 'a task with a title', priority: 3, tags: ['one','two'], customer: { name: 'Someone', city: 'Köln' }, at: '2026-01-01T00:00:00Z' });
const metaText = JSON.stringify({ correlationId: randomUUID(), causationId: randomUUID() });
async function raw(stream: string, version: number, n: number) {
  const ds = Array.from({ length: n }, () => JSON.stringify(data()));
  const r = await pool.query({ ...rawSql, values: [stream, version, ds.map(() => randomUUID()), ds.map(() => 'TaskCreated'), ds, ds.map(() => metaText)] });
  if (r.rowCount !== n) throw new Error('conflict');
}
async function ours(stream: string, version: number, n: number) {
  const now = new Date().toISOString();
  await store.appendEvents({ aggregateType: 'Task', aggregateId: stream }, Array.from({ length: n }, () => ({ id: randomUUID(), type: 'TaskCreated', schemaVersion: 1, occurredAt: now, data: data() })), { expectedVersion: version });
}
type Fn = typeof raw;
async function run(fn: Fn, callers: number, ops: number, n: number): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, async () => {
    const s = randomUUID();
    for (let i = 0; i < ops; i += 1) await fn(s, i * n, n);
  }));
  return (callers * ops) / ((performance.now() - start) / 1000);
}
const med = (xs: number[]) => xs.sort((a, b) => a - b)[Math.floor(xs.length / 2)]!;
async function compare(name: string, callers: number, ops: number, n: number, rounds = 5) {
  const a: number[] = [], b: number[] = [], ratios: number[] = [];
  await run(raw, callers, Math.ceil(ops / 10), n); await run(ours, callers, Math.ceil(ops / 10), n);
  for (let i = 0; i < rounds; i += 1) { const x = await run(raw, callers, ops, n), y = await run(ours, callers, ops, n); a.push(x); b.push(y); ratios.push(y / x); }
  console.log(name.padEnd(30), 'raw', med(a).toFixed(0), 'ours', med(b).toFixed(0), 'ratio', med(ratios).toFixed(2), ratios.map((x) => x.toFixed(2)).join(' '));
}
const which = process.argv[2] ?? 'all';
if (which === 'all' || which === 'append') {
await compare('1 caller single', 1, 300, 1);
await compare('16 callers single', 16, 60, 1);
await compare('1 caller 10/save', 1, 200, 10);
await compare('1000 in one', 1, 5, 1000);
}
if (which === 'all' || which === 'read') {
const streams: string[] = [];
for (let i = 0; i < 2000; i += 1) streams.push(randomUUID());
for (let i = 0; i < 2000; i += 50) await Promise.all(streams.slice(i, i + 50).map(async (s) => { await raw(s, 0, 10); await ours(s, 0, 10); }));
const long = randomUUID(); for (let i = 0; i < 10; i += 1) { await raw(long, i * 1000, 1000); await ours(long, i * 1000, 1000); }
await pool.query('vacuum analyze');
const rawRead = async (s: string) => { const r = await pool.query({ name: 'rr', text: 'select position, id, stream, version, type, data, meta, at from raw.events where stream=$1 order by version', values: [s] }); return r.rows.length; };
const ourRead = async (s: string) => (await store.getEvents({ aggregateType: 'Task', aggregateId: s }).toArray()).length;
const t = async (f: () => Promise<number>) => { const s = performance.now(); const n = await f(); return [n, performance.now() - s] as const; };
for (const [name, a, b] of [
  ['load 2000x10', async () => { let n = 0; for (const s of streams) n += await rawRead(s); return n; }, async () => { let n = 0; for (const s of streams) n += await ourRead(s); return n; }],
  ['load 1x10000', () => rawRead(long), () => ourRead(long)],
  ['readAll', async () => { let n = 0, p = '0'; for (;;) { const r = await pool.query({ name: 'ra', text: 'select position, id, stream, version, type, data, meta, at from raw.events where position > $1 order by position limit 1000', values: [p] }); n += r.rows.length; if (r.rows.length < 1000) return n; p = r.rows.at(-1).position; } }, async () => { let n = 0; for await (const p of store.readAll().pages()) n += p.length; return n; }],
] as const) {
  const rs: number[] = []; let last = '';
  for (let i = 0; i < 7; i += 1) { const [n1, t1] = await t(a), [n2, t2] = await t(b); rs.push((t1 / n1) / (t2 / n2)); last = `raw ${(n1 / t1 * 1000).toFixed(0)}/s ours ${(n2 / t2 * 1000).toFixed(0)}/s`; }
  console.log(name.padEnd(30), last, 'ratio', med(rs).toFixed(2));
}
}
if (which === 'all' || which === 'live') {
const other = new PostgresEventStore({ connectionString: u.href, tracing: false, metrics: false });
const lat: number[] = [];
let head = await other.getHeadPosition();
for (let i = 0; i < 60; i += 1) {
  const w = other.waitForEvents(head).then(async () => { const [e] = await other.readAll({ after: head }).toArray(); head = e!.position; return performance.now(); });
  await new Promise((r) => setTimeout(r, 40));
  const s = performance.now(); await ours(randomUUID(), 0, 1); lat.push((await w) - s);
}
console.log('live latency median ms', med(lat).toFixed(2), 'max', Math.max(...lat).toFixed(1));
await other.close();
}
await store.close(); await pool.end(); await admin.end();
