import { parseArgs } from 'node:util';
import { InMemoryEventStore } from '@es/core';
import { exportNames, startExport } from './telemetry.ts';
import { runTutorial } from './tutorial.ts';

const usage = `Usage: pnpm start [--export ${exportNames.join('|')}] [--url URL]`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { export: { type: 'string' }, url: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) return console.log(usage);
  await using telemetry = await startExport(values.export, values.url);
  // Any other store goes here: new SqliteEventStore({ path: 'tasks.db' }), …
  await using eventStore = new InMemoryEventStore();
  await runTutorial(eventStore, console.log);
  await telemetry.forceFlush();
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
