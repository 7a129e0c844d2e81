import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Broker } from './broker.ts';
import type { BrokerPlace } from './broker-place.ts';

/** Has another process publish so many events to a place, so that this one has done nothing yet. */
export const fillElsewhere = async ({ id }: Broker, { location }: BrokerPlace, events: number): Promise<void> => {
  const program = new URL('./fill-process.ts', import.meta.url);
  const [code] = await once(fork(program, [id, JSON.stringify(location), String(events)], { execArgv: [] }), 'exit');
  if (code !== 0) throw new Error(`The process that fills ${id} ended with ${code}.`);
};
