import { releaseEvery } from './take-down.ts';
import { addUser, everyService } from './users.ts';
import { type Workplace, workplaceOf } from './workplace.ts';

/**
 * Keeps every service that tests start running, from one package's tests to the next, until the answered function is called; it then
 * stops those that nobody uses any more. Starts nothing.
 */
export const holdServices = (workplace: Workplace = workplaceOf(process.env)): (() => Promise<void>) => {
  addUser(workplace, everyService, process.pid);
  return () => releaseEvery(workplace, process.pid);
};
