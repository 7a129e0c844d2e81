import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { accountFor, reachableFolder } from './account.ts';
import { reasonOf, ServiceFailed } from './errors.ts';
import { onFreePort, type PortChoice } from './ports.ts';
import { stopProcess } from './processes.ts';
import { startProcess, tailOf } from './run.ts';
import type { Service } from './service.ts';
import { folderOf, logOf, type RunningState } from './state.ts';
import { eventually } from './wait.ts';
import type { Workplace } from './workplace.ts';

const readyMs = 60_000;
const stopMs = 20_000;

/** A service as far as this machine's programs go. */
export type NativeService = Pick<Service, 'name' | 'defaultPort' | 'probe' | 'isHopeless' | 'native'>;

/** The folder of a native server's data and configuration. */
export const nativeFolder = (workplace: Workplace, { name, native }: NativeService): string =>
  reachableFolder(folderOf(workplace, name), accountFor(native.account));

/**
 * Waits until the server answers.
 *
 * @throws {@link ServiceFailed} with the end of its log, if it ends before or does not answer in time.
 */
export const untilReady = async (
  workplace: Workplace,
  service: NativeService,
  { url, identity }: Pick<RunningState, 'url' | 'identity'>,
  ended: Promise<string>,
): Promise<void> => {
  const over = new AbortController();
  void ended.then((how) => over.abort(new Error(`its process ${how}`)));
  try {
    await eventually(() => service.probe(url, identity), { timeoutMs: readyMs, signal: over.signal, isHopeless: service.isHopeless });
  } catch (failure) {
    const what = over.signal.aborted ? 'did not start' : `does not answer`;
    throw new ServiceFailed(`${service.name} ${what}: ${reasonOf(failure)}.\n${tailOf(logOf(workplace, service.name))}`, {
      cause: failure,
    });
  }
};

/**
 * Starts a service with the programs of this machine, which are installed first if they are missing and can be.
 *
 * @throws `ServiceUnavailable` if they can't; {@link ServiceFailed} if the server does not come up.
 */
export const startNative = async (
  workplace: Workplace,
  service: NativeService,
  needs: Readonly<Record<string, string>>,
  ports: PortChoice = { first: service.defaultPort },
): Promise<Omit<RunningState, 'keep'>> => {
  const { name, native } = service;
  if (native.find() === undefined) await native.install(workplace);
  const programs = native.find();
  if (programs === undefined) throw new ServiceFailed(`${name} was installed, but its programs are not where they were looked for.`);
  const account = accountFor(native.account);
  const folder = nativeFolder(workplace, service);
  const log = logOf(workplace, name);
  mkdirSync(folderOf(workplace, name), { recursive: true });
  if (existsSync(log)) renameSync(log, `${log}.previous`);
  return onFreePort(ports, async (port) => {
    const { command, args, env, url, identity } = await native.prepare({ programs, folder, port, account, needs });
    const { mark, ended } = startProcess({ command, args, env, cwd: folder, account, log });
    try {
      await untilReady(workplace, service, { url, identity }, ended);
      return { engine: 'native', url, identity, port, needs, ...(mark === undefined ? {} : { process: mark }) };
    } catch (failure) {
      if (mark !== undefined) await stopProcess(mark, native.stopSignals, stopMs);
      throw failure;
    }
  });
};

/** Stops the process that the state names; a later one with the same id is left alone. */
export const stopNative = async ({ native }: Service, { process: mark }: RunningState): Promise<void> => {
  if (mark !== undefined) await stopProcess(mark, native.stopSignals, stopMs);
};
