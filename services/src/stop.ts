import { stopInDocker } from './docker.ts';
import { stopNative } from './native.ts';
import type { Service } from './service.ts';
import { type RunningState, removeState } from './state.ts';
import type { Workplace } from './workplace.ts';

/** Stops what the state describes, whoever runs it. The caller holds the service's lock. */
export const stopServer = async (workplace: Workplace, service: Service, state: RunningState): Promise<void> => {
  await (state.engine === 'docker' ? stopInDocker(workplace, service) : stopNative(service, state));
  removeState(workplace, service.name);
};
