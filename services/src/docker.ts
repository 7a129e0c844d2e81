import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { reasonOf, ServiceFailed } from './errors.ts';
import { onFreePort } from './ports.ts';
import { type Command, runCommand, tailOf, tryCommand } from './run.ts';
import type { Service } from './service.ts';
import { logOf, type RunningState } from './state.ts';
import { eventually } from './wait.ts';
import { repository, type Workplace } from './workplace.ts';

/** A way to call Compose 2 that reaches an engine. */
export type Compose = readonly [command: string, ...args: string[]];

const answers = (command: string, ...args: string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 15_000 });
  return status === 0 ? stdout.trim() : undefined;
};

/** Compose 2, if it is installed and a Docker engine answers. */
export const findCompose = (): Compose | undefined => {
  if (!answers('docker', 'version', '--format', '{{.Server.Version}}')) return undefined;
  const ways: readonly Compose[] = [['docker', 'compose'], ['docker-compose']];
  return ways.find(([command, ...args]) => /^v?([2-9]|\d\d)/.test(answers(command, ...args, 'version', '--short') ?? ''));
};

/** Containers, networks and volumes of one checkout carry its own name. */
const projectOf = ({ folder }: Workplace): string => `es-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;

const callOf = (
  workplace: Workplace,
  { name, composeEnv }: Service,
  [command, ...before]: Compose,
  args: readonly string[],
  port?: number,
): Command => ({
  command,
  args: [...before, '--file', join(repository, 'compose.yaml'), '--project-name', projectOf(workplace), ...args],
  env: { ...process.env, ...(port === undefined ? {} : { [`ES_${name.toUpperCase()}_PORT`]: String(port), ...composeEnv?.(port) }) },
  log: logOf(workplace, name),
});

/** What the container said goes to the log, too: the error shows the end of that. */
const failed = async (workplace: Workplace, service: Service, compose: Compose, how: string): Promise<ServiceFailed> => {
  await runCommand(callOf(workplace, service, compose, ['logs', '--no-color', '--tail', '20', service.name]));
  return new ServiceFailed(`${service.name} ${how}.\n${tailOf(logOf(workplace, service.name))}`);
};

const up = async (workplace: Workplace, service: Service, compose: Compose, port: number): Promise<void> => {
  const how = await tryCommand(callOf(workplace, service, compose, ['up', '--detach', '--no-deps', '--wait', service.name], port));
  if (how !== undefined) throw await failed(workplace, service, compose, `did not start in the Docker engine: ${how}`);
  try {
    await eventually(() => service.probe(service.composeUrl(port)), { timeoutMs: 30_000, isHopeless: service.isHopeless });
  } catch (failure) {
    throw await failed(
      workplace,
      service,
      compose,
      `does not answer on port ${port}, although its container is healthy: ${reasonOf(failure)}`,
    );
  }
};

/** Starts a service's container, or finds it started, and waits until a client on this machine gets an answer. */
export const startInDocker = (
  workplace: Workplace,
  service: Service,
  compose: Compose,
  needs: Readonly<Record<string, string>>,
): Promise<Omit<RunningState, 'keep'>> => {
  return onFreePort({ first: service.defaultPort }, async (port) => {
    try {
      await up(workplace, service, compose, port);
      return { engine: 'docker', url: service.composeUrl(port), port, needs };
    } catch (failure) {
      await runCommand(callOf(workplace, service, compose, ['rm', '--stop', '--force', service.name], port));
      throw failure;
    }
  });
};

const composeOrThrow = ({ name }: Service): Compose => {
  const compose = findCompose();
  if (compose === undefined) throw new ServiceFailed(`${name} was started in a Docker engine, but none answers now.`);
  return compose;
};

/** Removes the container; its data stay in their volume. */
export const stopInDocker = (workplace: Workplace, service: Service): Promise<void> =>
  runCommand(callOf(workplace, service, composeOrThrow(service), ['rm', '--stop', '--force', service.name]));

/** Removes a service's volume, if an engine answers and has one. */
export const deleteVolume = async (workplace: Workplace, { name }: Service): Promise<void> => {
  if (findCompose() === undefined) return;
  await runCommand({
    command: 'docker',
    args: ['volume', 'rm', '--force', `${projectOf(workplace)}_${name}-data`],
    log: logOf(workplace, name),
  });
};
