import { createRequire } from 'node:module';
import { createTelemetryRecorder } from '@es/testing';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { expect, onTestFinished, test } from 'vitest';
import { aStream, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

describeWithPostgres('beside @opentelemetry/instrumentation-pg', ({ url }) => {
  test('an append and its statement are one trace, with one CLIENT span for the statement', async () => {
    using recorder = createTelemetryRecorder();
    const instrumentation = new PgInstrumentation();
    onTestFinished(() => instrumentation.disable());
    // The hook patches what is required; the classes are those that were imported.
    createRequire(import.meta.url)('pg');
    const store = new PostgresEventStore({ connectionString: url });
    await store.getHeadPosition();
    await recorder.reset();
    await store.appendEvents(aStream(), someEvents(1), { expectedVersion: 'any' });
    const [root, ...others] = recorder.tree();
    expect(others).toEqual([]);
    expect(root).toMatchObject({ span: { name: 'eventsource.event_store.append_events', kind: 'INTERNAL' } });
    expect(recorder.spans().filter(({ kind }) => kind === 'CLIENT')).toMatchObject([
      { name: expect.stringMatching(/^pg\.query:/), parentSpanId: root?.span.spanId },
    ]);
    await store.close();
  });
});
