import { join, resolve } from 'node:path';

/** The repository's folder. */
export const repository: string = resolve(import.meta.dirname, '../..');

/** Where and for whom services are started. */
export interface Workplace {
  /** Holds state, data, logs and locks: a folder per service. */
  readonly folder: string;
  /** Where URLs of the user's own servers are looked up. */
  readonly env: NodeJS.ProcessEnv;
  /** Tells a person what goes on, a line at a time. */
  readonly say: (line: string) => void;
}

/** The repository's own workplace: the git-ignored `.services/`, or the folder that `ES_SERVICES_FOLDER` names. */
export const workplaceOf = (env: NodeJS.ProcessEnv): Workplace => ({
  folder: resolve(env['ES_SERVICES_FOLDER'] ?? join(repository, '.services')),
  env,
  say: (line) => process.stderr.write(`${line}\n`),
});
