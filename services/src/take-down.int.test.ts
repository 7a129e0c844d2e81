import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bringUp } from './bring-up.ts';
import { ServiceUnavailable } from './errors.ts';
import { greeter, processOf, temporaryWorkplace } from './greeter.fixture.ts';
import { holdServices } from './hold.ts';
import { instancesOf } from './instances.ts';
import { leaseService } from './lease.ts';
import { lives, markOf } from './processes.ts';
import type { Service } from './service.ts';
import { readState } from './state.ts';
import { statusOf } from './status.ts';
import { release, takeDown } from './take-down.ts';
import { newUser } from './users.ts';

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
    await bringUp(workplace, service, { user: newUser() });
    expect(await takeDown(workplace, service)).toEqual([{ service: 'greeter', stopped: true, users: [process.pid] }]);
  });
});

describe('a server that tests brought up', () => {
  it('is stopped when the last user lets go of it, of which a process may be several', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const users = [newUser(), newUser(), newUser(await otherProcess())];
    for (const user of users) await bringUp(workplace, service, { user });
    const mark = processOf(workplace, service);
    for (const user of users) {
      expect(lives(mark)).toBe(true);
      await release(workplace, service, user);
    }
    expect(lives(mark)).toBe(false);
    expect(readState(workplace, service.name)).toBeUndefined();
  });

  it('does not wait for a user that died', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const other = await otherProcess();
    const user = newUser();
    await bringUp(workplace, service, { user: newUser(other) });
    await bringUp(workplace, service, { user });
    process.kill(other, 'SIGKILL');
    await expect.poll(() => markOf(other)).toBeUndefined();
    const mark = processOf(workplace, service);
    await release(workplace, service, user);
    expect(lives(mark)).toBe(false);
  });

  it('stays if a person asked for it, before or after the tests', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const user = newUser();
    await bringUp(workplace, service, { user });
    await bringUp(workplace, service, { keep: true });
    await bringUp(workplace, service, { user });
    await release(workplace, service, user);
    expect(lives(processOf(workplace, service))).toBe(true);
  });

  it('stays from one package to the next while they are held, and no longer', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const letGo = holdServices(workplace, [service]);
    const user = newUser();
    await bringUp(workplace, service, { user });
    const mark = processOf(workplace, service);
    await release(workplace, service, user);
    expect(lives(mark)).toBe(true);
    await letGo();
    expect(lives(mark)).toBe(false);
  });

  it('is left to its users when those who held it let go', async () => {
    const service = greeter();
    const workplace = temporaryWorkplace(service);
    const letGo = holdServices(workplace, [service]);
    await bringUp(workplace, service, { user: newUser() });
    await letGo();
    expect(lives(processOf(workplace, service))).toBe(true);
  });
});

describe('a service that stands before another', () => {
  const behind: Service = { ...greeter(), name: 'behind', variable: 'ES_BEHIND_URL' };
  const front: Service = { ...greeter(), needs: [behind] };

  it('comes up with it, and lets go of it', async () => {
    const workplace = temporaryWorkplace(front, behind);
    const user = newUser();
    await bringUp(workplace, front, { user });
    const marks = [processOf(workplace, front), processOf(workplace, behind)];
    expect(marks.map(lives)).toEqual([true, true]);
    await release(workplace, front, user);
    expect(marks.map(lives)).toEqual([false, false]);
  });

  it('stays where it is when someone wants one before a server of their own', async () => {
    const workplace = temporaryWorkplace(front, behind);
    const user = newUser();
    await bringUp(workplace, front, { keep: true });
    const mark = processOf(workplace, front);
    const theirs = { ...workplace, env: { ES_BEHIND_URL: readState(workplace, 'behind')?.url } };
    const apart = await bringUp(theirs, front, { user });
    expect(apart.url).not.toBe(readState(workplace, front.name)?.url);
    expect(lives(mark)).toBe(true);
    const names = instancesOf(workplace, front).map(({ name }) => name);
    expect(names).toEqual(['greeter', expect.stringMatching(/^greeter-[0-9a-f]{8}$/)]);
    await release(theirs, front, user);
    expect(instancesOf(workplace, front)).toEqual([front]);
    expect(lives(mark)).toBe(true);
  });

  it('is started anew when that has moved, and stays for the person who asked for it', async () => {
    const workplace = temporaryWorkplace(front, behind);
    const user = newUser();
    await bringUp(workplace, front, { keep: true });
    const before = processOf(workplace, front);
    await takeDown(workplace, behind);
    await bringUp(workplace, front, { user });
    expect(lives(before)).toBe(false);
    await release(workplace, front, user);
    expect(lives(processOf(workplace, front))).toBe(true);
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
