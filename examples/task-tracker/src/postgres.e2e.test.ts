import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresEventStore } from '@es/store-postgres';
import { createTelemetryRecorder } from '@es/testing';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { expect, onTestFinished, test } from 'vitest';
import { runFile } from './run.fixture.ts';
import { taskStory } from './story.ts';

const example = join(import.meta.dirname, '..');

/** The lines of a text that don't stand in another. */
const linesOnlyIn = (text: string, other: string): string[] => text.split('\n').filter((line) => !other.split('\n').includes(line));

/** A copy of this example in which the demo has the two lines that the README gives for PostgreSQL. */
async function copyOnPostgres(url: string): Promise<{ folder: string; before: string; after: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'es-task-tracker-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const part of ['src', 'package.json']) await cp(join(example, part), join(folder, part), { recursive: true });
  await symlink(join(example, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const readme = await readFile(join(example, 'README.md'), 'utf8');
  const lineIn = (text: string, beginning: string): string => text.split('\n').find((line) => line.startsWith(beginning)) ?? beginning;
  const demo = join(folder, 'src', 'demo.ts');
  const before = await readFile(demo, 'utf8');
  const after = before
    .replace(lineIn(before, 'import { SqliteEventStore }'), lineIn(readme, 'import { PostgresEventStore }'))
    .replace(lineIn(before, 'const openStore ='), lineIn(readme, 'const openStore =').replace(/'postgres:.*?'/, `'${url}'`));
  await writeFile(demo, after);
  return { folder, before, after };
}

describeWithPostgres('the story of a task on PostgreSQL', ({ url }) => {
  test('is a change of one line, and of the import that goes with it', async () => {
    const { folder, before, after } = await copyOnPostgres(url);
    expect([linesOnlyIn(before, after).length, linesOnlyIn(after, before)]).toEqual([
      2,
      [expect.stringMatching(/^import .*'@es\/store-postgres';$/), expect.stringContaining(url)],
    ]);
    const { code, stdout, stderr } = await runFile('demo.ts', [], {}, folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('✓ created   “Learn OpenTelemetry”, version 1\n');
    expect(stdout).toContain('completed, from its 3 events after the store was closed and opened again\n');
    expect(stdout).toMatch(/append_events {2}[\d.]+ ms {2}CLIENT {2}event\.type=TaskCreated db\.system\.name=postgresql\n/);
    await using store = new PostgresEventStore({ connectionString: url, tracing: false, metrics: false });
    const events = await store.readAll({ aggregateTypes: ['Task'] }).toArray();
    expect(events.map(({ type }) => type).sort()).toEqual(['TaskCompleted', 'TaskCreated', 'TaskRenamed']);
  });

  test('is one trace too, in which every call of the store is a client’s', async () => {
    using recorder = createTelemetryRecorder();
    await taskStory(
      () => new PostgresEventStore({ connectionString: url }),
      () => undefined,
    );
    expect(new Set(recorder.spans().map(({ traceId }) => traceId)).size).toBe(1);
    const [story] = recorder.tree();
    expect(story?.children.map(({ span }) => span.name)).toEqual([
      'task_service.create_task',
      'task_service.rename_task',
      'task_service.complete_task',
      'notification_service.send_email',
      'task_service.get_task',
      'eventsource.event_store.read_all',
    ]);
    const calls = recorder.spans().filter(({ name }) => name.startsWith('eventsource.event_store.'));
    expect(calls.length).toBeGreaterThan(6);
    for (const call of calls) {
      expect(call).toMatchObject({ kind: 'CLIENT', scope: { name: '@es/store-postgres' }, attributes: { 'db.system.name': 'postgresql' } });
    }
  });
});
