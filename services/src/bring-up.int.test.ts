import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bringUp } from './bring-up.ts';
import { ServiceUnavailable } from './errors.ts';
import { greeter, processOf, temporaryWorkplace, unfriendlyGreeter } from './greeter.fixture.ts';
import { lives, markOf } from './processes.ts';
import { logOf, readState, writeState } from './state.ts';
import { statusOf } from './status.ts';
import { takeDown } from './take-down.ts';

const greetingOf = async (url: string): Promise<string> => (await fetch(url)).text();

const listen = async (port = 0): Promise<number> => {
  const server = createServer((request, response) => response.end(request.url === '/' ? 'hello from someone else' : 'not here')).listen(
    port,
    '127.0.0.1',
  );
  onTestFinished(() => {
    server.close();
  });
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

describe('bringUp', () => {
  it('starts a server and answers where it is once it answers', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const { url, engine } = await bringUp(workplace, service, { keep: true });
    expect(engine).toBe('native');
    expect(await greetingOf(url)).toBe(`hello ${processOf(workplace, service).pid}`);
    expect(await statusOf(workplace, service)).toMatchObject({ running: true });
  });

  it('leaves one that runs as it is', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const first = await bringUp(workplace, service, { keep: true });
    const { pid } = processOf(workplace, service);
    expect(await bringUp(workplace, service, { keep: true })).toEqual(first);
    expect(await greetingOf(first.url)).toBe(`hello ${pid}`);
  });

  it('starts one only, however many ask at once', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const answers = await Promise.all([1, 2, 3, 4].map(() => bringUp(workplace, service, { keep: true })));
    expect(new Set(answers.map(({ url }) => url)).size).toBe(1);
    expect(workplace.said).toEqual(['Starting greeter …']);
  });

  it('starts another one when the one that it knew of has died', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    await bringUp(workplace, service, { keep: true });
    const { pid } = processOf(workplace, service);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => markOf(pid)).toBeUndefined();
    const { url } = await bringUp(workplace, service, { keep: true });
    expect(await greetingOf(url)).toBe(`hello ${processOf(workplace, service).pid}`);
  });

  it('does not take another process for its server, because it was given the same id', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
    onTestFinished(() => {
      bystander.kill();
    });
    const pretend = (): void => {
      const stale = { pid: bystander.pid ?? 0, started: 'long ago' };
      writeState(workplace, service.name, { engine: 'native', url: 'http://127.0.0.1:1/', port: 1, needs: {}, process: stale, keep: true });
    };
    pretend();
    expect(await takeDown(workplace, service)).toMatchObject([{ stopped: false }]);
    pretend();
    await bringUp(workplace, service, { keep: true });
    expect(processOf(workplace, service).pid).not.toBe(bystander.pid);
    expect(bystander.signalCode).toBeNull();
  });

  it('goes on to the next port if the first one is occupied', async () => {
    const service = { ...greeter(), defaultPort: await listen() };
    const workplace = temporaryWorkplace(service);
    const { url } = await bringUp(workplace, service, { keep: true });
    expect(Number(new URL(url).port)).toBeGreaterThan(service.defaultPort);
    expect(await greetingOf(url)).toBe(`hello ${processOf(workplace, service).pid}`);
  });

  it('goes on to the next port if someone takes the first one before the server does', async () => {
    const ports: number[] = [];
    const { prepare } = greeter().native;
    const service = greeter({
      prepare: async (site) => {
        ports.push(site.port);
        if (ports.length === 1) await listen(site.port);
        return prepare(site);
      },
    });
    const workplace = temporaryWorkplace(service);
    const { url } = await bringUp(workplace, service, { keep: true });
    expect(ports.length).toBeGreaterThan(1);
    expect(await greetingOf(url)).toBe(`hello ${processOf(workplace, service).pid}`);
  });

  it('uses the server that the environment names, and neither starts nor stops anything', async () => {
    const service = greeter();
    const port = await listen();
    const workplace = { ...temporaryWorkplace(service), env: { ES_GREETER_URL: `http://127.0.0.1:${port}/` } };
    expect(await bringUp(workplace, service, { keep: true })).toEqual({ engine: 'environment', url: workplace.env.ES_GREETER_URL });
    expect(await statusOf(workplace, service)).toMatchObject({ running: true, text: expect.stringContaining('ES_GREETER_URL names') });
    expect(await takeDown(workplace, service)).toMatchObject([{ stopped: false }]);
    expect(readState(workplace, service.name)).toBeUndefined();
    expect(await greetingOf(workplace.env.ES_GREETER_URL)).toBe('hello from someone else');
  });

  it('says that the server that the environment names does not answer, without its password', async () => {
    const service = { ...greeter(), probe: () => Promise.reject(new Error('go away')) };
    const workplace = { ...temporaryWorkplace(service), env: { ES_GREETER_URL: 'http://me:secret@127.0.0.1:1/' } };
    await expect(bringUp(workplace, service, { keep: true })).rejects.toThrow(
      'No greeter answers at http://me:***@127.0.0.1:1/, which ES_GREETER_URL names: go away',
    );
  });

  it('shows the end of the log of a server that does not start, and keeps the log', async () => {
    const service = greeter({}, `console.error('first line'); console.error('the disk is on fire'); process.exit(7)`);
    const workplace = temporaryWorkplace(service);
    const log = logOf(workplace, service.name);
    await expect(bringUp(workplace, service, { keep: true })).rejects.toThrow(
      `greeter did not start: its process ended with status 7.\nThe end of ${log}:\n  | first line\n  | the disk is on fire`,
    );
    expect(readFileSync(log, 'utf8')).toContain('the disk is on fire');
    expect(readState(workplace, service.name)).toBeUndefined();
  });

  it('shows the log of a server that answers with a refusal, and stops it', async () => {
    const service = unfriendlyGreeter();
    const workplace = temporaryWorkplace(service);
    const failure: unknown = await bringUp(workplace, service, { keep: true }).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/greeter does not answer: it says "go away (\d+)"\.\n[\s\S]* {2}\| the greeter begins/);
    const pid = Number(/go away (\d+)/.exec(String(failure))?.[1]);
    expect(markOf(pid)).toBeUndefined();
  });

  it('installs the programs if they are missing', async () => {
    let installed = false;
    const service = greeter({
      find: () => (installed ? '/' : undefined),
      install: async () => {
        installed = true;
      },
    });
    const workplace = temporaryWorkplace(service);
    await bringUp(workplace, service, { keep: true });
    expect(lives(processOf(workplace, service))).toBe(true);
  });

  it('starts nothing if they can not be installed', async () => {
    const service = greeter({ find: () => undefined, install: () => Promise.reject(new ServiceUnavailable('do this')) });
    const workplace = temporaryWorkplace(service);
    await expect(bringUp(workplace, service, { keep: true })).rejects.toThrow(ServiceUnavailable);
    expect(existsSync(logOf(workplace, service.name))).toBe(false);
  });
});
