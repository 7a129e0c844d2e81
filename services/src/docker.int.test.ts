import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { bringUp } from './bring-up.ts';
import { greeter, temporaryWorkplace } from './greeter.fixture.ts';
import type { Service } from './service.ts';
import { logOf, readState } from './state.ts';
import { statusOf } from './status.ts';
import { takeDown } from './take-down.ts';

/** How the stand-in for Docker's client is to behave. */
interface Behaviour {
  readonly engine?: string;
  readonly compose?: string;
  readonly up?: string;
}

const container = `require('node:http').createServer((request, response) => response.end(request.url === '/' ? 'hello from a container' : 'who?')).listen(process.env.ES_GREETER_PORT, '127.0.0.1')`;

/**
 * A stand-in for Docker's client, first on the PATH: it notes what it is asked, and runs the one "container" as a process. It shows that the
 * right things are asked in the right order; whether Docker does them is not its matter.
 */
const dockerStandIn = (folder: string, { engine = 'echo 28.5.1', compose = 'echo 2.40.3', up = '' }: Behaviour): (() => string[]) => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const start = `"${process.execPath}" -e "${container}" > /dev/null 2>&1 & echo $! > "$0.pid"`;
  writeFileSync(
    join(bin, 'docker'),
    `#!/bin/sh
echo "$@" | sed 's/--file .* --project-name [^ ]*/…/' >> "$0.calls"
case "$*" in
  version*) ${engine};;
  "compose version"*) ${compose};;
  *" up "*) ${up === '' ? start : up};;
  *" logs "*) echo "greeter-1  | there is no room";;
  *" rm "*) if [ -f "$0.pid" ]; then kill "$(cat "$0.pid")"; rm "$0.pid"; fi;;
esac
`,
  );
  chmodSync(join(bin, 'docker'), 0o755);
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`);
  writeFileSync(join(bin, 'docker.calls'), '');
  return () =>
    readFileSync(join(bin, 'docker.calls'), 'utf8')
      .trim()
      .split('\n')
      .filter((call) => call !== '' && !call.includes('version'));
};

// Ports of its own: a process that stands for a container does not say that another test's greeter has its port.
const dockerized = (): Service => ({ ...greeter(), defaultPort: 35_700 });

const withStandIn = (behaviour: Behaviour, service: Service = dockerized()) => {
  const workplace = temporaryWorkplace(service);
  return { workplace, service, calls: dockerStandIn(workplace.folder, behaviour) };
};

const up = 'compose … up --detach --no-deps --wait greeter';
const remove = 'compose … rm --stop --force greeter';

describe('with a Docker engine', () => {
  it('a service runs in a container, which is left as it is when it runs', async () => {
    const { workplace, service, calls } = withStandIn({});
    const server = await bringUp(workplace, service, { keep: true });
    expect(server).toEqual({ engine: 'docker', url: service.composeUrl(readState(workplace, service.name)?.port ?? 0) });
    expect(await (await fetch(server.url)).text()).toBe('hello from a container');
    expect(await bringUp(workplace, service, { keep: true })).toEqual(server);
    expect(await statusOf(workplace, service)).toMatchObject({ running: true, text: expect.stringContaining('in the Docker engine') });
    expect(calls()).toEqual([up]);
  });

  it('taking it down removes the container, and its volume only if that is asked for', async () => {
    const { workplace, service, calls } = withStandIn({});
    const { url } = await bringUp(workplace, service, { keep: true });
    expect(await takeDown(workplace, service)).toMatchObject([{ stopped: true }]);
    await expect(fetch(url)).rejects.toThrow();
    expect(calls()).toEqual([up, remove]);
    await takeDown(workplace, service, true);
    expect(calls().slice(2)).toEqual([expect.stringMatching(/^volume rm --force es-[0-9a-f]{8}_greeter-data$/)]);
  });

  it('a container that is gone is started again', async () => {
    const { workplace, service, calls } = withStandIn({});
    await bringUp(workplace, service, { keep: true });
    process.kill(Number(readFileSync(join(workplace.folder, 'bin/docker.pid'), 'utf8')));
    await expect.poll(async () => (await statusOf(workplace, service)).running).toBe(false);
    const { url } = await bringUp(workplace, service, { keep: true });
    expect(await (await fetch(url)).text()).toBe('hello from a container');
    expect(calls()).toEqual([up, up]);
  });

  it('what the container said is shown if it does not start', async () => {
    const { workplace, service, calls } = withStandIn({ up: 'echo "container greeter-1 exited (1)"; exit 1' });
    await expect(bringUp(workplace, service, { keep: true })).rejects.toThrow(
      `The end of ${logOf(workplace, service.name)}:\n  | container greeter-1 exited (1)\n  | greeter-1  | there is no room`,
    );
    expect(calls()).toEqual([up, 'compose … logs --no-color --tail 20 greeter', remove]);
    expect(readState(workplace, service.name)).toBeUndefined();
  });

  it('what the container said is shown if it starts, but refuses', async () => {
    const { workplace, service } = withStandIn({}, { ...dockerized(), probe: () => Promise.reject(new Error('go away')) });
    await expect(bringUp(workplace, service, { keep: true })).rejects.toThrow(
      /greeter does not answer on port \d+, although its container is healthy: go away\.\nThe end of .*\n.*there is no room/,
    );
    expect(readState(workplace, service.name)).toBeUndefined();
  });
});

describe("this machine's programs are used", () => {
  it.each([
    ['when no engine answers', { engine: 'exit 1' }],
    ['when Compose is missing', { compose: 'exit 1' }],
    ['when Compose is of version 1', { compose: 'echo 1.29.2' }],
  ])('%s', async (_, behaviour) => {
    const { workplace, service, calls } = withStandIn(behaviour);
    vi.stubEnv('PATH', [join(workplace.folder, 'bin'), '/usr/bin', '/bin'].join(delimiter));
    expect(await bringUp(workplace, service, { keep: true })).toMatchObject({ engine: 'native' });
    expect(calls()).toEqual([]);
  });

  it('when what the service needs is not in the engine', async () => {
    const need: Service = { ...greeter(), name: 'need', variable: 'ES_NEED_URL', probe: async () => undefined };
    const { workplace, service, calls } = withStandIn({}, { ...dockerized(), needs: [need] });
    const env = { ES_NEED_URL: 'http://127.0.0.1:1/' };
    expect(await bringUp({ ...workplace, env }, service, { keep: true })).toMatchObject({ engine: 'native' });
    expect(calls()).toEqual([]);
  });
});
