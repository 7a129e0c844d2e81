import { InvalidArgumentError } from '../errors/argument-error.ts';
import { identifierRule, isIdentifier } from '../identifier.ts';

/**
 * Checks the arguments of a checkpoint store's operation: a rest parameter tells a position that is left out from one that is `undefined`.
 *
 * @throws InvalidArgumentError unless the name of the subscription is an identifier and the position, if any, a bigint from 0.
 */
export function assertCheckpoint(subscription: string, ...positions: [] | [position: bigint]): void {
  if (!isIdentifier(subscription)) {
    throw new InvalidArgumentError(
      `A checkpoint needs a subscription whose name is ${identifierRule}; it got ${JSON.stringify(subscription)}.`,
    );
  }
  for (const position of positions) {
    if (typeof position === 'bigint' && position >= 0n) continue;
    throw new InvalidArgumentError(
      `The checkpoint of ${subscription} needs a position that is a bigint from 0n; it got ${String(position)}.`,
    );
  }
}
