import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, run } from './run.ts';
import type { WorkspacePackage } from './workspace.ts';

/** A published package as a file that npm installs, and the files in it. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  readonly files: readonly string[];
}

const succeed = ({ status, stdout, stderr }: Outcome, what: string): string => {
  if (status !== 0) throw new Error(`${what} failed:\n${stdout}${stderr}`);
  return stdout;
};

/** Builds these packages and packs each into the folder, as a release does. */
export const packAll = (root: string, packages: readonly WorkspacePackage[], into: string): readonly Tarball[] => {
  const projects = packages.map(({ folder }) => join(folder, 'tsconfig.build.json'));
  succeed(run('tsc', ['-b', ...projects], { cwd: root }), 'The build');
  return packages.map(({ folder, manifest: { name, version } }) => {
    succeed(run('pnpm', ['pack', '--pack-destination', into], { cwd: join(root, folder) }), `Packing ${name}`);
    const path = join(into, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    const listed = succeed(run('tar', ['-tzf', path]), `Reading ${path}`);
    return {
      name,
      path,
      files: listed
        .trim()
        .split('\n')
        .map((file) => file.replace(/^package\//, ''))
        .sort(),
    };
  });
};

/** The files that a package should hold: its documents, its manifest, and what its sources are compiled to. */
export const expectedFiles = (root: string, { folder }: WorkspacePackage): readonly string[] => {
  const cwd = join(root, folder);
  const modules = globSync('src/**/*.ts', { cwd })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
    .map((file) => file.replace(/^src\//, 'dist/').replace(/\.ts$/, ''));
  // README.md is always packed; other documents are what the manifest lists beside it.
  const documents = globSync('*.md', { cwd }).filter((file) => file !== 'CHANGELOG.md');
  return ['LICENSE', ...documents, 'package.json', ...modules.flatMap((path) => [`${path}.d.ts`, `${path}.js`, `${path}.js.map`])].sort();
};
