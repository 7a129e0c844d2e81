import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ServiceFailed } from './errors.ts';
import { findJars, folderOfJava, installJars, type JavaServer } from './java.ts';
import type { Launch, NativeSite, Service } from './service.ts';

const version = '3.6.1';

const server: JavaServer = {
  title: `Zipkin ${version}`,
  variable: 'ES_ZIPKIN_URL',
  folder: `zipkin-${version}`,
  artifacts: [`io.zipkin:zipkin-server:${version}:exec`],
};

const ask = async <Answer>(url: string, path: string): Promise<Answer> => {
  const response = await fetch(new URL(path, url));
  if (!response.ok) throw new ServiceFailed(`${path} answered ${response.status}`);
  return (await response.json()) as Answer;
};

/** Asks it how it is, and what its page says where it is: that is where its identity can be put. */
const probeZipkin = async (url: string, identity?: string): Promise<void> => {
  const { status } = await ask<{ status?: string }>(url, '/health');
  if (status !== 'UP') throw new ServiceFailed(`it says that it is ${status}`);
  const { environment } = await ask<{ environment?: string }>(url, '/zipkin/config.json');
  if (identity !== undefined && environment !== identity) throw new ServiceFailed(`another Zipkin (${environment}) has the port`);
};

const prepare = async ({ programs, port }: NativeSite): Promise<Launch> => {
  const identity = randomUUID();
  const listener = { ip: '127.0.0.1', port, 'protocols[0]': 'http' };
  return {
    command: join(folderOfJava() ?? '', 'java'),
    args: [
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-jar',
      join(programs, `zipkin-server-${version}-exec.jar`),
      // Its own setting of the port alone would have it listen on every interface.
      ...Object.entries(listener).map(([name, value]) => `--armeria.ports[0].${name}=${value}`),
    ],
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ZIPKIN_UI_ENVIRONMENT: identity },
    url: `http://127.0.0.1:${port}`,
    identity,
  };
};

/** Zipkin, with its page at `/zipkin`. It keeps traces in memory. */
export const zipkin: Service = {
  name: 'zipkin',
  variable: server.variable,
  defaultPort: 19_411,
  needs: [],
  probe: probeZipkin,
  isHopeless: () => false,
  composeUrl: (port) => `http://127.0.0.1:${port}`,
  native: {
    find: () => findJars(server),
    install: (workplace) => installJars(workplace, server),
    prepare,
    stopSignals: ['SIGTERM', 'SIGKILL'],
  },
};
