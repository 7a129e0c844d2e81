import { parseArgs } from 'node:util';
import { serviceNamed } from './catalogue.ts';
import { reasonOf } from './errors.ts';
import type { Service } from './service.ts';
import { type Workplace, workplaceOf } from './workplace.ts';

interface Options {
  readonly deleteData: boolean;
}

/** Runs one of the commands on the services that its arguments name. What goes wrong is told in its own words, without a stack. */
export const command = async (
  run: (workplace: Workplace, wanted: readonly Service[], options: Options) => Promise<void>,
): Promise<void> => {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: { 'delete-data': { type: 'boolean', default: false } } });
    await run(workplaceOf(process.env), positionals.map(serviceNamed), { deleteData: values['delete-data'] });
  } catch (failure) {
    process.stderr.write(`${reasonOf(failure)}\n`);
    process.exitCode = 1;
  }
};
