import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CannotRun } from '../harness/bench.ts';

const peersFolder = fileURLToPath(new URL('../../peers/package.json', import.meta.url));

/**
 * Loads a package that is no dependency of this repository, in the shape in which it is used here.
 *
 * @throws {@link CannotRun} where it is not installed, or its driver does not load.
 */
export const loadPeer = async <Module extends object>(packageName: string): Promise<Module> => {
  try {
    const path = createRequire(peersFolder).resolve(packageName);
    const module = (await import(pathToFileURL(path).href)) as Module | { readonly default: Module };
    return 'default' in module ? module.default : module;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new CannotRun(`${packageName} could not be loaded (${reason}); \`pnpm --filter ./benchmarks peers\` installs it.`);
  }
};
