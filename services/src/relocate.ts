import { chmodSync, closeSync, globSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ServiceFailed } from './errors.ts';

/** Writes a program of the shell. */
export const writeScript = (file: string, text: string): void => {
  writeFileSync(file, `#!/bin/sh\n${text}`);
  chmodSync(file, 0o755);
};

const beginsWith = (file: string, start: string): boolean => {
  const bytes = Buffer.alloc(start.length);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, bytes);
  closeSync(descriptor);
  return bytes.toString('latin1') === start;
};

/**
 * Makes programs run from another place than they were built for, and with libraries that came with them, which may be newer than this
 * machine's. A program is started by the loader of those libraries; scripts are told the place.
 *
 * @param draft - what would be in `/`, where it is now.
 * @param place - where it will be.
 * @param folder - the folder inside it whose `bin` folders hold the programs.
 */
export const relocate = (draft: string, place: string, folder: string): void => {
  const [loader] = globSync('usr/lib/*/ld-linux*.so*', { cwd: draft });
  if (loader === undefined) throw new ServiceFailed(`No loader of programs is among what was unpacked in ${draft}.`);
  const start = `exec '${join(place, loader)}' --library-path '${join(place, dirname(loader))}' --argv0 "$0"`;
  for (const name of globSync(`${folder}/**/bin/*`, { cwd: draft })) {
    const file = join(draft, name);
    if (!statSync(file).isFile()) continue;
    if (beginsWith(file, '\x7fELF')) {
      const original = `${basename(name)}.elf`;
      renameSync(file, join(dirname(file), original));
      writeScript(file, `${start} '${join(place, dirname(name), original)}' "$@"\n`);
    } else if (beginsWith(file, '#!')) {
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`/${folder}`, join(place, folder)));
    }
  }
};
