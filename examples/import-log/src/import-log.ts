import { ATTR_EVENT_COUNT, createTracing } from '@es/otel';
import type { ImportOptions, ImportSummary } from './import-options.ts';
import { LogImport } from './log-import.ts';

/**
 * Imports a log: every line an event, every aggregate a stream, in the log's order. Run again after any end, it goes on where it stopped.
 *
 * @throws BadLineError at a line that can't be imported, with all lines before it imported; OtherLogError when the log is not the one begun
 * before; StorageError when the database fails.
 */
export function importLog(options: ImportOptions): Promise<ImportSummary> {
  const tracing = createTracing('import-log');
  return tracing.span('import_log.import', { 'log.name': options.logName }, async (span) => {
    const run = await LogImport.begin(options, tracing);
    const summary = await run.finish();
    span?.setAttribute(ATTR_EVENT_COUNT, summary.events);
    return summary;
  });
}
