import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import type { Server, Service } from './service.ts';
import { readState } from './state.ts';
import type { Workplace } from './workplace.ts';

/**
 * The service itself; or, where it needs a server that the environment names, one apart with a name of its own: whoever uses the one that
 * stands before our server must not find it moved before another.
 */
export const instanceFor = (service: Service, needs: Readonly<Record<string, Server>>): Service => {
  const foreign = Object.values(needs).filter(({ engine }) => engine === 'environment');
  if (foreign.length === 0) return service;
  const mark = createHash('sha256').update(foreign.map(({ url }) => url).join('\n'));
  return { ...service, name: `${service.name}-${mark.digest('hex').slice(0, 8)}` };
};

/** The service itself, and those apart that were started. */
export const instancesOf = (workplace: Workplace, service: Service): readonly Service[] => {
  mkdirSync(workplace.folder, { recursive: true });
  const apart = readdirSync(workplace.folder)
    .filter((name) => name.startsWith(`${service.name}-`) && !name.endsWith('.lock') && readState(workplace, name) !== undefined)
    .map((name) => ({ ...service, name }));
  return [service, ...apart];
};
