declare module 'vitest' {
  interface ProvidedContext {
    /** The process id of the test run. */
    run: number;
  }
}

/** What one test run makes on a server carries its process id, so that what runs that ended badly have left can be told. */
const prefix = 'es_test_';

/** A name for something that a run makes on a server: a database, a virtual host, the beginning of the names of topics. */
export const testName = (run: number, part: string): string => `${prefix}${run}_${part}`;

/** The run that made what has this name; undefined if no test did. */
export const runOf = (name: string): number | undefined => {
  const run = new RegExp(`^${prefix}(\\d+)_`).exec(name)?.[1];
  return run === undefined ? undefined : Number(run);
};
