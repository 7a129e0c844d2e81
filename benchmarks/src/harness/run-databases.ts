import { createDatabase, urlOfDatabase } from '@es-internal/services/databases';
import { testName } from '@es-internal/services/vitest/names';

/** The databases of a run, as the process of one of its scenarios makes them. */
export class RunDatabases {
  readonly #serverUrl: string;
  readonly #run: number;
  readonly #scenario: string;

  /** @param run - The process id of the whole run, after which its databases are called. */
  constructor(serverUrl: string, run: number, scenario: string) {
    this.#serverUrl = serverUrl;
    this.#run = run;
    this.#scenario = scenario;
  }

  /** Makes an empty one, for the scenario alone; answers its URL. */
  own(name: string): Promise<string> {
    return createDatabase(this.#serverUrl, testName(this.#run, `${this.#scenario}_${name}`));
  }

  /** One that scenarios share: the first that asks makes and fills it, and it stays until the end of the run. */
  async shared(name: string, fill: (url: string) => Promise<void>): Promise<string> {
    const database = testName(this.#run, name);
    try {
      await fill(await createDatabase(this.#serverUrl, database));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === duplicateDatabase)) throw error;
    }
    return urlOfDatabase(this.#serverUrl, database);
  }
}

const duplicateDatabase = '42P04';
