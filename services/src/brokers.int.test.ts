import { expect, it } from 'vitest';
import { bringUp } from './bring-up.ts';
import { ServiceUnavailable } from './errors.ts';
import { temporaryWorkplace } from './greeter.fixture.ts';
import { kafka } from './kafka.ts';
import { rabbitmq } from './rabbitmq.ts';
import { type RunningState, readState } from './state.ts';

it.for([rabbitmq, kafka])(
  'two checkouts that start $name at once have one each, which is not taken for the other',
  async (service, { skip }) => {
    const start = async (): Promise<RunningState> => {
      const workplace = temporaryWorkplace(service);
      await bringUp(workplace, service, { keep: true });
      const state = readState(workplace, service.name);
      if (state === undefined) throw new Error(`${service.name} has no state.`);
      return state;
    };
    const [one, other] = await Promise.all([start(), start()]).catch((failure: unknown) => {
      if (failure instanceof ServiceUnavailable) skip(failure.message);
      throw failure;
    });
    expect(one.port).not.toBe(other.port);
    for (const { url, identity } of [one, other]) await service.probe(url, identity);
    const stranger = one.url.replace(`:${one.port}`, `:${other.port}`);
    await expect(service.probe(stranger, one.identity)).rejects.toThrow(/ACCESS.REFUSED|is of the cluster/);
  },
);
