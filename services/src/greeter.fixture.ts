import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Service } from './service.ts';
import { type RunningState, readState } from './state.ts';
import { takeDown } from './take-down.ts';
import type { Workplace } from './workplace.ts';

const program = (greeting: string): string => `
  const http = require('node:http');
  const [port, path] = process.argv.slice(1);
  process.on('SIGTERM', () => process.exit(0));
  console.log('the greeter begins');
  http.createServer((request, response) => response.end(request.url === path ? '${greeting} ' + process.pid : 'who?')).listen(Number(port), '127.0.0.1');
`;

/** A real server, small and quick: to those who know its secret path it says hello and its process id. What is given replaces parts of it. */
export const greeter = (native: Partial<Service['native']> = {}, script = program('hello')): Service => ({
  name: 'greeter',
  variable: 'ES_GREETER_URL',
  defaultPort: 35_600,
  needs: [],
  probe: async (url) => {
    const answer = await (await fetch(url)).text();
    if (!answer.startsWith('hello')) throw new Error(`it says "${answer}"`);
  },
  isHopeless: (failure) => failure instanceof Error && failure.message.includes('go away'),
  composeUrl: (port) => `http://127.0.0.1:${port}/`,
  native: {
    account: userInfo().username,
    find: () => '/',
    install: async () => undefined,
    prepare: async ({ port }) => {
      const path = `/${randomUUID()}`;
      return { command: process.execPath, args: ['-e', script, String(port), path], env: {}, url: `http://127.0.0.1:${port}${path}` };
    },
    stopSignals: ['SIGTERM', 'SIGKILL'],
    ...native,
  },
});

/** A greeter that connects, but refuses. */
export const unfriendlyGreeter = (): Service => greeter({}, program('go away'));

/**
 * A workplace in a temporary folder, on a machine where no Docker engine answers. When the test ends, the services named in it are taken down and the folder goes.
 */
export const temporaryWorkplace = (...services: readonly Service[]): Workplace & { readonly said: readonly string[] } => {
  const said: string[] = [];
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere');
  const workplace = { folder: mkdtempSync(join(tmpdir(), 'es-services-test-')), env: {}, say: (line: string) => said.push(line), said };
  onTestFinished(async () => {
    for (const service of services) await takeDown(workplace, service, true);
    rmSync(workplace.folder, { recursive: true });
    vi.unstubAllEnvs();
  });
  return workplace;
};

/** The process that the state of a service names. */
export const processOf = (workplace: Workplace, { name }: Service): NonNullable<RunningState['process']> => {
  const mark = readState(workplace, name)?.process;
  if (mark === undefined) throw new Error(`No process of ${name} is known.`);
  return mark;
};
