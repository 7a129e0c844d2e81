import { expect, expectTypeOf, test } from 'vitest';
import { ConcurrencyError, hasErrorCode } from '../index.ts';

test('hasErrorCode matches by code alone, and narrows to the error that has it', () => {
  const error: unknown = new ConcurrencyError({ aggregateType: 'Task', aggregateId: 't-1' }, 2, 3);
  const fromAnotherCopy: unknown = Object.assign(new Error('x'), { code: 'ES_CONCURRENCY' });

  if (hasErrorCode(error, 'ES_CONCURRENCY')) expectTypeOf(error.actualVersion).toEqualTypeOf<number>();
  expect(hasErrorCode(error, 'ES_CONCURRENCY')).toBe(true);
  expect(hasErrorCode(fromAnotherCopy, 'ES_CONCURRENCY')).toBe(true);
  expect([error, null, undefined, 'ES_CLOSED', {}].map((value) => hasErrorCode(value, 'ES_CLOSED'))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(hasErrorCode({ code: 'MINE' }, 'MINE' as string)).toBe(true);
});
