import { lives } from './processes.ts';
import type { Service } from './service.ts';
import { logOf, readState } from './state.ts';
import { usersOf } from './users.ts';
import type { Workplace } from './workplace.ts';

/** How a service stands, as `services:status` shows it. */
export interface Status {
  readonly service: string;
  readonly running: boolean;
  /** One line for a person. */
  readonly text: string;
}

const describe = (workplace: Workplace, service: Service, url: string): string => {
  const state = readState(workplace, service.name);
  if (state === undefined) return '';
  const by = state.process === undefined ? 'in the Docker engine' : `process ${state.process.pid}`;
  const users = usersOf(workplace, service.name);
  const until = state.keep ? 'until it is taken down' : `while tests use it (${users.length === 0 ? 'none now' : users.join(', ')})`;
  return `${url}\n  ${by}, ${until}, log ${logOf(workplace, service.name)}`;
};

/** Looks whether a service answers now, without starting it. */
export const statusOf = async (workplace: Workplace, service: Service): Promise<Status> => {
  const { name, variable } = service;
  const given = workplace.env[variable];
  const url = given || readState(workplace, name)?.url;
  if (url === undefined) return { service: name, running: false, text: `${name}: stopped` };
  const state = given ? undefined : readState(workplace, name);
  const running =
    (state?.process === undefined || lives(state.process)) &&
    (await service.probe(url, state?.identity).then(
      () => true,
      () => false,
    ));
  const which = given ? `the one that ${variable} names` : describe(workplace, service, url);
  return { service: name, running, text: `${name}: ${running ? 'running' : 'does not answer'}, ${which}` };
};
