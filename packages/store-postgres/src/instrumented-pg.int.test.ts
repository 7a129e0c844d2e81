import { createRequire } from 'node:module';
import { createTelemetryRecorder } from '@es/testing';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { aStream, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

describeWithPostgres('beside @opentelemetry/instrumentation-pg', ({ url }) => {
  const recorder = createTelemetryRecorder();
  const instrumentation = new PgInstrumentation();
  // It patches what is required from now on; the classes are those that the store imports.
  createRequire(import.meta.url)('pg');
  const store = new PostgresEventStore({ connectionString: url });
  // The first append asks more of the database than those that follow.
  beforeAll(() => append());
  beforeEach(() => recorder.reset());
  afterAll(async () => {
    await store.close();
    instrumentation.disable();
    recorder.stop();
  });
  const append = (): Promise<unknown> => store.appendEvents(aStream(), someEvents(1), { expectedVersion: 'any' });

  test('an append and its statement are one trace, with one CLIENT span, the statement’s', async () => {
    await append();
    expect(recorder.tree()).toMatchObject([
      {
        span: { name: 'eventsource.event_store.append_events', kind: 'INTERNAL' },
        children: [{ span: { name: expect.stringMatching(/^pg\.query:/), kind: 'CLIENT' }, children: [] }],
      },
    ]);
    expect(recorder.spans()).toHaveLength(2);
  });

  test('the statement of a batch belongs to an append of that batch, not to one that was sent before', async () => {
    await Promise.all([append(), append(), append()]);
    expect(recorder.tree().map(({ children }) => children.map(({ span }) => span.kind))).toEqual([['CLIENT'], ['CLIENT'], []]);
  });
});
