import { readFileSync } from 'node:fs';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { expect, test } from 'vitest';
import * as attributes from './attributes.ts';
import type { MetricDefinition } from './metric-definitions.ts';
import * as metricDefinitions from './metric-definitions.ts';
import { SCHEMA_URL } from './schema-url.ts';

const published = conventions as Record<string, unknown>;
const ours = Object.entries(attributes);
const definitions: [string, MetricDefinition][] = Object.entries(metricDefinitions);

test('SCHEMA_URL names the version of the conventions that the names are compared with here', () => {
  const installed = new URL('../node_modules/@opentelemetry/semantic-conventions/package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(installed, 'utf8')) as { version: string };
  expect(SCHEMA_URL).toBe(`https://opentelemetry.io/schemas/${version}`);
});

test('every attribute outside the eventsource namespace is the one that the conventions define by that name', () => {
  const borrowed = ours.filter(([, key]) => !key.startsWith('eventsource.'));
  expect(borrowed.length).toBeGreaterThan(0);
  for (const [constant, key] of borrowed) expect(published[constant], constant).toBe(key);
});

test('every metric outside the eventsource namespace is one that the conventions define', () => {
  const names = new Set(Object.entries(published).flatMap(([constant, name]) => (constant.startsWith('METRIC_') ? [name] : [])));
  const borrowed = definitions.filter(([, { name }]) => !name.startsWith('eventsource.'));
  expect(borrowed.length).toBeGreaterThan(0);
  for (const [, { name }] of borrowed) expect(names, name).toContain(name);
});

test('the seven constants of the tutorial have its names and values', () => {
  expect(attributes).toMatchObject({
    ATTR_AGGREGATE_ID: 'eventsource.aggregate.id',
    ATTR_AGGREGATE_TYPE: 'eventsource.aggregate.type',
    ATTR_EVENT_TYPE: 'eventsource.event.type',
    ATTR_EVENT_COUNT: 'eventsource.event.count',
    ATTR_VERSION: 'eventsource.version',
    ATTR_DB_SYSTEM: 'db.system',
    ATTR_MESSAGING_SYSTEM: 'messaging.system',
  });
});

test('no two constants share a name on the wire', () => {
  expect(new Set(ours.map(([, key]) => key)).size).toBe(ours.length);
  expect(new Set(definitions.map(([, { name }]) => name)).size).toBe(definitions.length);
});

test('histograms, and only they, come with ascending buckets', () => {
  for (const [, { name, kind, buckets }] of definitions) {
    expect(buckets !== undefined, name).toBe(kind === 'histogram');
    expect(buckets, name).toEqual(buckets?.toSorted((a, b) => a - b));
  }
});

test('durations are in seconds, everything else in a unit of its own', () => {
  for (const [, { name, unit }] of definitions) {
    if (/[._](duration|time)$/.test(name)) expect(unit, name).toBe('s');
    else expect(unit, name).toMatch(/^\{[a-z]+\}$/);
  }
});
