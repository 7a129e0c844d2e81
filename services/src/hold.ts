import { services } from './catalogue.ts';
import type { Service } from './service.ts';
import { releaseEvery } from './take-down.ts';
import { addUser, everyService, newUser } from './users.ts';
import { type Workplace, workplaceOf } from './workplace.ts';

/**
 * Keeps every service that tests start running, from one package's tests to the next, until the answered function is called or this
 * process ends; the function stops those that nobody uses any more. Starts nothing.
 */
export const holdServices = (
  workplace: Workplace = workplaceOf(process.env),
  all: readonly Service[] = services,
): (() => Promise<void>) => {
  const user = newUser();
  addUser(workplace, everyService, user);
  return () => releaseEvery(workplace, user, all);
};
