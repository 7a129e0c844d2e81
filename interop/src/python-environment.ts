import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, keepInCache } from '@es-internal/services/cache';
import { type Installation, installPackages } from '@es-internal/services/install';
import { workplaceOf } from '@es-internal/services/workplace';

/** A Python that can import eventsource-py, or the reason why there is none. */
export type PythonOffer = { readonly python: string } | { readonly unavailable: string };

const requirements = join(import.meta.dirname, '../python/requirements.txt');
/** The first one counts that is installed with what is needed. */
const names = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3'];
const oldest = [3, 11];
const patienceMs = 180_000;

/** Without it there may be a Python that can't make environments. */
const python: Installation = {
  title: `Python, from ${oldest.join('.')} on with venv and pip,`,
  variable: 'ES_PYTHON',
  packages: { 'apt-get': 'python3-venv', dnf: 'python3', apk: 'python3', brew: 'python@3.13' },
  inCompose: false,
};

/** An environment of its own with what `python/requirements.txt` lists, made once for all checkouts of a user: some 20 seconds. */
export async function pythonEnvironment(): Promise<PythonOffer> {
  let base: string;
  try {
    base = recentPython() ?? (await installedPython());
  } catch (failure) {
    return { unavailable: failure instanceof Error ? failure.message : String(failure) };
  }
  const content = `${readFileSync(requirements, 'utf8')} ${run(base, '-VV')}`;
  const kept = `eventsource-py-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
  try {
    await keepInCache(kept, async (draft) => {
      const folder = join(draft, 'environment');
      run(base, '-m', 'venv', folder);
      run(programIn(folder), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements);
      return folder;
    });
  } catch (failure) {
    return {
      unavailable: `eventsource-py can't be installed for ${base}: ${failure instanceof Error ? failure.message : String(failure)}`,
    };
  }
  return { python: programIn(cached(kept)) };
}

function recentPython(): string | undefined {
  const named = process.env[python.variable];
  if (named === undefined) return names.find(isRecent);
  if (isRecent(named)) return named;
  throw new Error(`${python.variable} names ${named}, which is no Python from ${oldest.join('.')} on with venv and pip.`);
}

async function installedPython(): Promise<string> {
  await installPackages(workplaceOf(process.env), python);
  const found = recentPython();
  if (found === undefined) throw new Error(`${python.title} was installed, but is not found under any of the names ${names.join(', ')}.`);
  return found;
}

function programIn(environment: string): string {
  return join(environment, 'bin/python');
}

function isRecent(python: string): boolean {
  const question = `import ensurepip, sys, venv; sys.exit(sys.version_info < (${oldest.join(', ')}))`;
  return spawnSync(python, ['-c', question], { timeout: patienceMs }).status === 0;
}

/** @throws Error with the end of what the command said. */
function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: patienceMs });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${args.slice(0, 3).join(' ')} ended with ${status}: ${stderr.trim().slice(-500)}`);
  return stdout;
}
