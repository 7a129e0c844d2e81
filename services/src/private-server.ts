import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NativeService, nativeFolder, startNative } from './native.ts';
import { releasePort, reservePort } from './port-reservations.ts';
import { requireFree } from './ports.ts';
import { lives, type ProcessMark, stopProcess } from './processes.ts';
import { eventually } from './wait.ts';
import { type Workplace, workplaceOf } from './workplace.ts';

const stopMs = 20_000;

/** A server of one test's own, run by programs of this machine, which may be broken and restarted without harm to others. */
export interface PrivateServer extends AsyncDisposable {
  /** The same before and after a restart. */
  readonly url: string;
  readonly port: number;
  /** Tells a cluster; where a server has one. */
  readonly identity: string | undefined;
  /** The folder of its files. */
  readonly folder: string;
  /** Stops it with one signal after the other until it is gone: in order, if none is given. */
  stop(signals?: readonly NodeJS.Signals[]): Promise<void>;
  /** Starts it again on the same port and data, and resolves once it answers. Does nothing while it runs. */
  start(): Promise<void>;
}

/**
 * Starts a service with fresh data, on the first free port from `service.defaultPort` upwards. Its files go when it is disposed of; if this
 * process ends before, the server is stopped with it.
 *
 * @param abrupt - the signal that ends it at once.
 * @throws `ServiceUnavailable` if its programs are not installed here and can't be; `ServiceFailed` if it does not start.
 */
export const startPrivateServer = async (service: NativeService, abrupt: NodeJS.Signals = 'SIGKILL'): Promise<PrivateServer> => {
  const root = mkdtempSync(join(tmpdir(), `es-${service.name}-`));
  chmodSync(root, 0o711);
  const workplace: Workplace = { ...workplaceOf({}), folder: root };
  let mark: ProcessMark | undefined;
  let port: number | undefined;
  const atExit = (): void => {
    if (mark !== undefined && lives(mark)) process.kill(mark.pid, abrupt);
  };
  // Vitest ends its workers with this signal, which without a listener would end them before the other event.
  const atSignal = (): void => {
    atExit();
    process.kill(process.pid, 'SIGTERM');
  };
  process.once('exit', atExit);
  process.once('SIGTERM', atSignal);
  const start = async () => {
    const ports = port === undefined ? { first: service.defaultPort, claim: reservePort, release: releasePort } : { first: port, tries: 1 };
    const started = await startNative(workplace, service, {}, ports);
    mark = started.process;
    port = started.port;
    return started;
  };
  const stop = async (signals: readonly NodeJS.Signals[] = service.native.stopSignals): Promise<void> => {
    if (mark === undefined) return;
    await stopProcess(mark, signals, stopMs);
    mark = undefined;
    // A process of many threads counts as ended a little before the last of them has let go of its port.
    await eventually(async () => port !== undefined && requireFree(port), { timeoutMs: stopMs });
  };
  const remove = (): void => {
    process.off('exit', atExit);
    process.off('SIGTERM', atSignal);
    if (port !== undefined) releasePort(port);
    rmSync(nativeFolder(workplace, service), { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
  };
  const {
    url,
    identity,
    port: ownPort,
  } = await start().catch((failure: unknown) => {
    remove();
    throw failure;
  });
  return {
    url,
    port: ownPort,
    identity,
    folder: nativeFolder(workplace, service),
    stop,
    start: async () => {
      if (mark === undefined) await start();
    },
    [Symbol.asyncDispose]: async () => {
      await stop([abrupt]);
      remove();
    },
  };
};
