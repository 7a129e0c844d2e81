import { afterAll, beforeAll } from 'vitest';
import { ServiceUnavailable } from '../errors.ts';
import type { Offer } from '../lease.ts';
import { type PrivateRabbitMQ, startPrivateRabbitMQ } from '../private-rabbitmq.ts';
import type { RabbitMQVariant } from '../rabbitmq-node.ts';
import { rabbitMQPrograms, rabbitMQVersion } from '../rabbitmq-programs.ts';
import { workplaceOf } from '../workplace.ts';
import { suite } from './suite.ts';

/** Why a version can't be had on this machine, where it is not installed and can't be. */
const findMissing = async ({ version = rabbitMQVersion() }: RabbitMQVariant): Promise<readonly Offer[]> => {
  const { find, install } = rabbitMQPrograms(version);
  const workplace = workplaceOf(process.env);
  try {
    if (find() === undefined) await install(workplace);
    return [];
  } catch (failure) {
    if (!(failure instanceof ServiceUnavailable) || workplace.env['ES_FORBID_SKIPS'] === '1') throw failure;
    return [{ unavailable: failure.message }];
  }
};

/**
 * A `describe` for tests on a RabbitMQ of their own, which is started before the first and gone after the last; they ask for it when they run.
 * Where its programs can't be had, one test stands for all of them, skipped with the reason; with `ES_FORBID_SKIPS=1` that is an error. To be
 * awaited at the top of a file, since programs that are missing are installed before.
 */
export const describeWithPrivateRabbitMQ = async (
  name: string,
  variant: RabbitMQVariant,
  body: (broker: () => PrivateRabbitMQ) => void,
): Promise<void> => {
  const missing = await findMissing(variant);
  suite(name, missing, () => {
    let broker: PrivateRabbitMQ | undefined;
    beforeAll(async () => {
      broker = await startPrivateRabbitMQ(variant);
    });
    afterAll(() => broker?.[Symbol.asyncDispose]());
    body(() => {
      if (broker === undefined) throw new Error('The RabbitMQ of a suite is there while its tests run.');
      return broker;
    });
  });
};
