import { randomUUID } from 'node:crypto';
import { hasErrorCode } from '@es/core';
import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Outcome, Side } from '../harness/rounds.ts';
import type { Finding } from '../harness/row.ts';
import { type Line, linesOf } from '../work/order.ts';
import type { OrderStore } from '../work/order-stores.ts';
import { openPostgresPair, type PostgresPair } from '../work/postgres-pair.ts';

const callers = 16;
const orders = 4;

/** Adds one line to an order that should be at a version; answers the version at which it then is, or `undefined` for a conflict. */
type AddLine = (id: string, expectedVersion: number, line: Line) => Promise<number | undefined>;

const addByLibrary =
  ({ appendTo }: OrderStore): AddLine =>
  async (id, expectedVersion, line) => {
    try {
      return await appendTo(id, [line], expectedVersion);
    } catch (error) {
      if (!hasErrorCode(error, 'ES_CONCURRENCY')) throw error;
      return undefined;
    }
  };

const uniqueViolation = '23505';

/** By hand, a conflict is either a condition that was not met or, of those that ran at the same time, a key that was taken. */
const addByHand =
  ({ raw }: PostgresPair): AddLine =>
  async (id, expectedVersion, line) => {
    try {
      return (await raw.append(id, expectedVersion, [line])) ? expectedVersion + 1 : undefined;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === uniqueViolation)) throw error;
      return undefined;
    }
  };

/** Each caller adds its lines to an order that others add to as well; after a conflict it looks where the order stands, and tries again. */
const addingSide = (name: string, linesEach: number, add: AddLine, versionOf: (id: string) => Promise<number>): Side => {
  // The n-th line at version n, whoever adds it: an order adds up only if no version was skipped or written twice.
  const lines = linesOf(0, (callers / orders) * linesEach);
  const addAll = async (id: string): Promise<number> => {
    let version = 0;
    let added = 0;
    while (added < linesEach) {
      const line = lines[version];
      const next = line === undefined ? undefined : await add(id, version, line);
      if (next !== undefined) added += 1;
      version = next ?? (await versionOf(id));
    }
    return added;
  };
  let ids: readonly string[] = [];
  return {
    name,
    prepare: () => {
      ids = Array.from({ length: orders }, () => randomUUID());
    },
    run: async (): Promise<Outcome> => {
      const added = await Promise.all(Array.from({ length: callers }, (_, caller) => addAll(ids[caller % orders] ?? '')));
      const versions = await Promise.all(ids.map(versionOf));
      return { added: sum(added), versions: sum(versions) };
    },
  };
};

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);

const measure = async (bench: Bench): Promise<Finding> => {
  const plan = bench.rounds(11, 2);
  const linesEach = bench.pick(12, 3);
  const pair = await openPostgresPair(bench, callers);
  const { store, raw, checkAndClose } = pair;
  const added = callers * linesEach;
  const finding = await compareSpeed({
    ...plan,
    subject: addingSide('eventStore.appendEvents', linesEach, addByLibrary(store), store.versionOf),
    baseline: addingSide('pg by hand', linesEach, addByHand(pair), (id) => raw.versionOf(id)),
    operations: { count: added, unit: 'appends' },
    expected: { added, versions: added },
  });
  await checkAndClose({ saves: orders, linesEach: added / orders }, plan);
  return finding;
};

/** Conflicts: none may be missed, and none may be made up, or the versions don't add up. */
export const postgresContention: Scenario = {
  id: 'postgres-contention',
  group: 'PostgreSQL beside SQL by hand: writing',
  title: `1 event an append, ${callers} callers on ${orders} streams, again after each conflict`,
  bar: null,
  needs: 'postgres',
  measure,
};
