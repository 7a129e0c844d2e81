import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cached, keepInCache } from './cache.ts';
import { ServiceUnavailable } from './errors.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';
import type { Workplace } from './workplace.ts';

const library = '@confluentinc/kafka-javascript';
const version = '1.10.1';
const kept = `confluent-kafka-${version}-node-${process.versions.modules}`;
const inside = join('node_modules', ...library.split('/'));

/** What only compiling needs: sources, objects, and what is linked into no program. */
const leftovers = ['deps', 'build/Release/obj.target', 'build/Release/.deps', 'build/deps/*.a', 'build/deps/librdkafka'];

/** A Node from the npm registry has its headers beside it; of another one node-gyp fetches them. */
const headers = (): NodeJS.ProcessEnv => {
  const home = dirname(dirname(process.execPath));
  return existsSync(join(home, 'include', 'node', 'node_version.h')) ? { npm_config_nodedir: home } : {};
};

/**
 * Compiles Confluent's Kafka library for this Node from the sources in its npm package, once for all checkouts of a user: some minutes. Its own way is
 * to fetch a program from GitHub, which can't be reached from everywhere.
 *
 * @returns the folder of the package.
 * @throws `ServiceUnavailable` where a compiler is missing; `ServiceFailed` if the package can't be fetched or compiled.
 */
export const buildConfluent = async (workplace: Workplace): Promise<string> => {
  const folder = join(cached(kept), inside);
  if (existsSync(folder)) return folder;
  if (folderOfPrograms(['make', 'g++', 'python3']) === undefined) {
    throw new ServiceUnavailable(
      `${library} is compiled here from its sources, which takes g++, make and Python 3, and the headers of zlib and OpenSSL. Install them so that they are on the PATH.`,
    );
  }
  workplace.say(`Compiling ${library} ${version}, which takes some minutes …`);
  await keepInCache(kept, async (draft) => {
    const home = join(draft, 'package');
    mkdirSync(home);
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    const npm = (...args: readonly string[]): Promise<void> =>
      runCommand({
        command: 'npm',
        args: [...args, '--no-audit', '--no-fund', '--foreground-scripts'],
        cwd: home,
        // Linked statically it would fetch zlib and OpenSSL from elsewhere, and compile these too.
        env: { ...process.env, ...headers(), npm_config_build_from_source: 'true', CKJS_LINKING: 'dynamic' },
        log: join(workplace.folder, 'install.log'),
      });
    await npm('install', '--ignore-scripts', `${library}@${version}`);
    await npm('rebuild', library);
    for (const leftover of globSync(leftovers, { cwd: join(home, inside) })) rmSync(join(home, inside, leftover), { recursive: true });
    return home;
  });
  return folder;
};
