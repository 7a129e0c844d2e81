import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bringUp } from './bring-up.ts';
import { ServiceUnavailable } from './errors.ts';
import { greeter, processOf, temporaryWorkplace } from './greeter.fixture.ts';
import { holdServices } from './hold.ts';
import { leaseService } from './lease.ts';
import { lives, markOf } from './processes.ts';
import { readState } from './state.ts';
import { statusOf } from './status.ts';
import { release, takeDown } from './take-down.ts';
import { usersOf } from './users.ts';

const otherProcess = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child.pid ?? 0;
};

describe('takeDown', () => {
  it('stops the server that was started, and says so', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    await bringUp(workplace, service, { keep: true });
    const mark = processOf(workplace, service);
    expect(await takeDown(workplace, service)).toEqual([{ service: 'greeter', stopped: true, users: [] }]);
    expect(lives(mark)).toBe(false);
    expect(await statusOf(workplace, service)).toMatchObject({ running: false, text: 'greeter: stopped' });
    expect(await takeDown(workplace, service)).toEqual([{ service: 'greeter', stopped: false, users: [] }]);
  });

  it('names the processes that used the server', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    await bringUp(workplace, service, { user: process.pid });
    expect(await takeDown(workplace, service)).toEqual([{ service: 'greeter', stopped: true, users: [process.pid] }]);
  });
});

describe('a server that tests brought up', () => {
  it('is stopped when the last user lets go of it', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const other = await otherProcess();
    await bringUp(workplace, service, { user: process.pid });
    await bringUp(workplace, service, { user: other });
    const mark = processOf(workplace, service);
    await release(workplace, service, process.pid);
    expect(lives(mark)).toBe(true);
    await release(workplace, service, other);
    expect(lives(mark)).toBe(false);
    expect(readState(workplace, service.name)).toBeUndefined();
  });

  it('does not wait for a user that died', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const other = await otherProcess();
    await bringUp(workplace, service, { user: other });
    await bringUp(workplace, service, { user: process.pid });
    process.kill(other, 'SIGKILL');
    await expect.poll(() => markOf(other)).toBeUndefined();
    const mark = processOf(workplace, service);
    await release(workplace, service, process.pid);
    expect(lives(mark)).toBe(false);
  });

  it('stays if a person asked for it, before or after the tests', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    await bringUp(workplace, service, { user: process.pid });
    await bringUp(workplace, service, { keep: true });
    await bringUp(workplace, service, { user: process.pid });
    await release(workplace, service, process.pid);
    expect(lives(processOf(workplace, service))).toBe(true);
  });

  it('stays from one package to the next while they are held, and no longer', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const letGo = holdServices(workplace, [service]);
    await bringUp(workplace, service, { user: await otherProcess() });
    const mark = processOf(workplace, service);
    for (const user of usersOf(workplace, service.name)) if (user !== process.pid) await release(workplace, service, user);
    expect(lives(mark)).toBe(true);
    await letGo();
    expect(lives(mark)).toBe(false);
  });

  it('is left to its users when those who held it let go', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const letGo = holdServices(workplace, [service]);
    await bringUp(workplace, service, { user: await otherProcess() });
    await letGo();
    expect(lives(processOf(workplace, service))).toBe(true);
  });
});

describe('leaseService', () => {
  const unavailable = greeter({ find: () => undefined, install: () => Promise.reject(new ServiceUnavailable('install it, please')) });

  it('offers the server until it ends', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const { offer, end } = await leaseService(workplace, service);
    expect(offer).toEqual({ engine: 'native', url: readState(workplace, service.name)?.url });
    const mark = processOf(workplace, service);
    await end();
    expect(lives(mark)).toBe(false);
  });

  it('offers the reason why there is none', async () => {
    const { offer } = await leaseService(temporaryWorkplace(), unavailable);
    expect(offer).toEqual({ unavailable: 'install it, please' });
  });

  it('fails instead where skipping is forbidden', async () => {
    const workplace = { ...temporaryWorkplace(), env: { ES_FORBID_SKIPS: '1' } };
    await expect(leaseService(workplace, unavailable)).rejects.toThrow('install it, please');
  });

  it('fails, and does not offer a reason to skip, if the server should run but does not', async () => {
    const broken = greeter({}, 'process.exit(3)');
    await expect(leaseService(temporaryWorkplace(broken), broken)).rejects.toThrow('ended with status 3');
  });
});
