import type { Scenario } from '../harness/bench.ts';
import { bus } from './bus.ts';
import { busMemory } from './bus-memory.ts';
import { busPython } from './bus-python.ts';
import { castore } from './castore.ts';
import { emmett, emmettPostgres } from './emmett.ts';
import { postgresContention } from './postgres-contention.ts';
import { postgresGrowth } from './postgres-growth.ts';
import { postgresLive } from './postgres-live.ts';
import { postgresRead } from './postgres-read.ts';
import { postgresWrite } from './postgres-write.ts';
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
  ...postgresWrite,
  postgresContention,
  ...postgresRead,
  ...postgresLive,
  ...postgresGrowth,
  ...bus,
  ...busMemory,
  ...telemetry,
  ...castore,
  ...emmett,
  ...emmettPostgres,
  ...busPython,
];
