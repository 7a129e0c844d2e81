import { parseArgs, styleText } from 'node:util';
import { startTelemetry } from '@es/otel/node';
import { SqliteEventStore } from '@es/store-sqlite';
import { BriefTreeExporter } from './brief-tree.ts';
import { taskStory } from './story.ts';

const { values } = parseArgs({ options: { file: { type: 'string', default: 'tasks.db' } } });
const path = values.file;
// Any other store goes here.
const openStore = () => new SqliteEventStore({ path });

const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = process.env;
await using telemetry = await startTelemetry({
  serviceName: 'task-tracker',
  traces: [new BriefTreeExporter(), ...(endpoint ? (['otlp'] as const) : [])],
});

console.log('\nA task, from its first event to its last\n');
await taskStory(openStore, (what, how) => console.log(`  ${styleText('green', '✓')} ${styleText('bold', what.padEnd(9))} ${how}`));

console.log('\nIts trace\n');
const delivery = await telemetry.forceFlush().then(
  () => `Sent to ${endpoint} too.`,
  (error: Error) => error.message,
);
const command = styleText('bold', 'OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 npm run demo');
console.log(`\n${endpoint ? delivery : `See it in Jaeger, or wherever OTLP is taken: ${command}`}\n`);
