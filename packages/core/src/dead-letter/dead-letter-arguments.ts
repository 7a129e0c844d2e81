import { InvalidArgumentError } from '../errors/argument-error.ts';
import { copyJson } from '../events/json-copy.ts';
import { identifierRule, isIdentifier } from '../identifier.ts';
import type { DeadLetter } from './dead-letter.ts';

const defaultLimit = 100;

/**
 * What a dead letter store keeps of a letter.
 *
 * @returns a frozen copy, in plain JSON.
 * @throws InvalidArgumentError when the letter lacks an id or a source, by which it is found again, or holds something that JSON can't.
 */
export function copyDeadLetter(letter: DeadLetter): DeadLetter {
  assertName('id', letter?.id);
  assertName('source', letter.source);
  if (letter.handler !== undefined) assertName('handler', letter.handler);
  const { value, issues } = copyJson(letter, letter);
  const [issue] = issues;
  if (issue !== undefined) throw new InvalidArgumentError(`Dead letter ${letter.id} can't be kept: ${issue.path} ${issue.message}.`);
  return value as unknown as DeadLetter;
}

/**
 * How many letters a page holds at most.
 *
 * @throws InvalidArgumentError when the limit is not a whole number from 1.
 */
export function deadLetterLimit(limit: number = defaultLimit): number {
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw new InvalidArgumentError(`Listing dead letters needs a limit that is a whole number from 1; it got ${String(limit)}.`);
}

function assertName(field: string, value: unknown): void {
  if (isIdentifier(value)) return;
  throw new InvalidArgumentError(`A dead letter needs a \`${field}\` that is ${identifierRule}; it got ${JSON.stringify(value)}.`);
}
