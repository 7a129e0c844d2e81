/** The databases of one test run carry its process id, so that those of runs that ended badly can be told. */
const prefix = 'es_test_';

/** The name of one of a run's databases. */
export const databaseName = (run: number, part: string): string => `${prefix}${run}_${part}`;

/** The run that made a database; undefined for a database that no test made. */
export const runOf = (database: string): number | undefined => {
  const run = new RegExp(`^${prefix}(\\d+)_`).exec(database)?.[1];
  return run === undefined ? undefined : Number(run);
};
