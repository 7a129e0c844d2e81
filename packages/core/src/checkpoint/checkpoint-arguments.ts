import { InvalidArgumentError } from '../errors/argument-error.ts';

/** @throws InvalidArgumentError unless the name of the subscription is a non-empty string and the position, if any, a bigint from 0. */
export function assertCheckpoint(subscription: string, position: bigint = 0n): void {
  if (typeof subscription !== 'string' || subscription === '') {
    throw new InvalidArgumentError(`A checkpoint needs the non-empty name of its subscription; it got ${JSON.stringify(subscription)}.`);
  }
  if (typeof position !== 'bigint' || position < 0n) {
    throw new InvalidArgumentError(
      `The checkpoint of ${subscription} needs a position that is a bigint from 0n; it got ${String(position)}.`,
    );
  }
}
