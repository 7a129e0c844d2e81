import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, keepInCache } from './cache.ts';
import { ServiceUnavailable } from './errors.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';
import type { Workplace } from './workplace.ts';

const version = 'v0.160.0';
const core = 'go.opentelemetry.io/collector';
const contrib = 'github.com/open-telemetry/opentelemetry-collector-contrib';

/** What goes into it: it takes OTLP, and writes that to a file. Where configuration may come from is versioned apart. */
const parts = {
  receivers: [`${core}/receiver/otlpreceiver ${version}`],
  exporters: [`${contrib}/exporter/fileexporter ${version}`],
  // It does not start without the environment, although nothing is read from there.
  providers: ['file', 'env'].map((provider) => `${core}/confmap/provider/${provider}provider v1.66.0`),
};

const kept = `collector-${version}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)}`;

/** The name of the program. */
export const collectorProgram = 'collector';

/** The folder of the Collector; undefined until it has been built. */
export const findCollector = (): string | undefined => (existsSync(cached(kept)) ? cached(kept) : undefined);

/** Go before 1.21 can't fetch the newer one that the sources ask for. */
const isRecent = (go: string): boolean => {
  const { stdout } = spawnSync(go, ['env', 'GOVERSION'], { encoding: 'utf8', cwd: '/' });
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
};

const findGo = (): string => {
  const folder = folderOfPrograms(['go'], ['/usr/local/go/bin', '/opt/homebrew/bin']);
  const go = join(folder ?? '', 'go');
  if (folder !== undefined && isRecent(go)) return go;
  throw new ServiceUnavailable(
    'The OpenTelemetry Collector is built here from its modules, which takes Go 1.21 or later. Install that so that `go` is on the PATH.',
  );
};

/**
 * Builds the OpenTelemetry Collector with no more than it needs here, once for all checkouts of a user: some minutes.
 *
 * @throws `ServiceUnavailable` where Go is missing; `ServiceFailed` if its modules can't be fetched or compiled.
 */
export const buildCollector = async (workplace: Workplace): Promise<void> => {
  const command = findGo();
  workplace.say(`Building the OpenTelemetry Collector ${version} from its Go modules, which takes some minutes …`);
  await keepInCache(kept, async (draft) => {
    const sources = join(draft, 'sources');
    mkdirSync(sources);
    const go = (...args: readonly string[]): Promise<void> =>
      runCommand({
        command,
        args,
        cwd: sources,
        env: { ...process.env, GOFLAGS: '-mod=mod -buildvcs=false' },
        log: join(workplace.folder, 'install.log'),
      });
    const recipe = {
      dist: { name: collectorProgram, output_path: sources },
      ...Object.fromEntries(Object.entries(parts).map(([kind, modules]) => [kind, modules.map((gomod) => ({ gomod }))])),
    };
    const recipeFile = join(draft, 'recipe.json');
    writeFileSync(recipeFile, JSON.stringify(recipe));
    // Only its sources: with what the parts' own tests need, which its way of finding modules takes in, there are more than can be had everywhere.
    await go('run', `${core}/cmd/builder@${version}`, `--config=${recipeFile}`, '--skip-compilation', '--skip-get-modules');
    await go('mod', 'init', 'es-internal/collector');
    await go('get', ...[`${core}/otelcol ${version}`, ...Object.values(parts).flat()].map((part) => part.replace(' ', '@')));
    await go('build', '-trimpath', '-ldflags=-s -w', '-o', join(draft, 'programs', collectorProgram));
    return join(draft, 'programs');
  });
};
