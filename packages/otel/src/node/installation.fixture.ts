import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** The package alone in a folder, with the dependencies that a test installs beside it and none else. */
export interface Installation {
  readonly folder: string;
  /** What a script imports. */
  readonly entry: string;
  /** Links a package of this repository, under another name if told so. */
  link(name: string, as?: string): void;
  /** Copies a package, so that what it imports itself must be installed here too. Returns the copy's folder. */
  copy(name: string): string;
}

/** Makes a folder with a copy of the package's sources, which is gone when the test has finished. */
export function installation(): Installation {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'es-otel-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(PACKAGE, 'src'), join(folder, 'src'), { recursive: true, filter: (path) => !/\.(test|fixture)\.ts$/.test(path) });
  cpSync(join(PACKAGE, 'package.json'), join(folder, 'package.json'));
  const place = (name: string) => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  return {
    folder,
    entry: pathToFileURL(join(folder, 'src/node/index.ts')).href,
    link: (name, as = name) => symlinkSync(sourceOf(name), place(as)),
    copy: (name) => {
      cpSync(sourceOf(name), place(name), { recursive: true });
      return place(name);
    },
  };
}

/** The OpenTelemetry packages installed for the tests of this package. */
export function installedPackages(): string[] {
  return readdirSync(join(PACKAGE, 'node_modules/@opentelemetry')).map((name) => `@opentelemetry/${name}`);
}

function sourceOf(name: string): string {
  const own = join(PACKAGE, 'node_modules', name);
  return realpathSync(existsSync(own) ? own : join(PACKAGE, '../../node_modules', name));
}
