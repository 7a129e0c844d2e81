import { join } from 'node:path';
import { ServiceUnavailable } from './errors.ts';
import { type Installation, installPackages } from './install.ts';
import { folderOfPrograms } from './programs.ts';
import { relocate, writeScript } from './relocate.ts';
import type { NativeServer } from './service.ts';
import { findUnpacked, type UnpackedPackage, unpackPackage } from './unpacked-packages.ts';

/** The versions of RabbitMQ that can be had beside that of the machine's own package. */
export type RabbitMQVersion = '4.0';

/** The environment variable that names a server of the user's own. */
export const rabbitMQVariable = 'ES_AMQP_URL';

const installation: Installation = {
  title: 'RabbitMQ',
  variable: rabbitMQVariable,
  packages: { 'apt-get': 'rabbitmq-server', dnf: 'rabbitmq-server', apk: 'rabbitmq-server', brew: 'rabbitmq' },
};

/** The scripts themselves: the one on the `PATH` of Debian runs as root alone, and changes the user by itself. */
const programFolders = ['/usr/lib/rabbitmq/bin', '/opt/homebrew/sbin', '/usr/local/sbin'];

/** RabbitMQ's script looks for Erlang on the `PATH`, where the machine's own may be. */
const settle = (draft: string, place: string): void => {
  relocate(draft, place, 'usr/lib/erlang');
  writeScript(
    join(draft, 'rabbitmq-server'),
    `PATH='${place}/usr/lib/erlang/bin':"$PATH" exec '${place}/usr/lib/rabbitmq/bin/rabbitmq-server' "$@"\n`,
  );
};

const unpacked: Readonly<Record<RabbitMQVersion, UnpackedPackage>> = {
  '4.0': { title: 'RabbitMQ 4.0', release: 'trixie', name: 'rabbitmq-server', folder: 'rabbitmq-4.0', settle },
};

/** The version that `ES_RABBITMQ_VERSION` asks for; undefined for that of the machine's own package. */
export const rabbitMQVersion = (): RabbitMQVersion | undefined => {
  const asked = process.env['ES_RABBITMQ_VERSION'];
  if (asked === undefined || asked === '') return undefined;
  if (asked in unpacked) return asked as RabbitMQVersion;
  throw new ServiceUnavailable(
    `ES_RABBITMQ_VERSION is ${asked}, which can't be had. Leave it out for the machine's own RabbitMQ, or take ${Object.keys(unpacked).join(', ')}.`,
  );
};

/** Where the programs of a version are, how they get there, and who runs them. */
export const rabbitMQPrograms = (version: RabbitMQVersion | undefined): Pick<NativeServer, 'account' | 'find' | 'install'> =>
  version === undefined
    ? {
        account: 'rabbitmq',
        find: () => folderOfPrograms(['rabbitmq-server'], programFolders),
        install: (workplace) => installPackages(workplace, installation),
      }
    : { find: () => findUnpacked(unpacked[version]), install: (workplace) => unpackPackage(workplace, unpacked[version]) };
