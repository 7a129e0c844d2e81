import type { Scenario } from '../harness/bench.ts';
import { castore } from './castore.ts';
import { emmett } from './emmett.ts';
import { sqliteConcurrentSave } from './sqlite-concurrent-save.ts';
import { sqliteLoad } from './sqlite-load.ts';
import { sqliteReadAll } from './sqlite-read-all.ts';
import { sqliteReadMemory } from './sqlite-read-memory.ts';
import { sqliteSave } from './sqlite-save.ts';
import { telemetry } from './telemetry.ts';

/** Every row of the report, in its order. */
export const scenarios: readonly Scenario[] = [
  ...sqliteSave,
  sqliteConcurrentSave,
  ...sqliteLoad,
  ...sqliteReadAll,
  ...sqliteReadMemory,
  ...telemetry,
  ...castore,
  ...emmett,
];
