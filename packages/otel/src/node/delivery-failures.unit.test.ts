import { describe, expect, it } from 'vitest';
import { describeFailure } from './delivery-failures.ts';

describe('describeFailure', () => {
  it('names what happened at each address of a host, for which the error itself has no message', () => {
    const attempts = new AggregateError([new Error('connect ECONNREFUSED ::1:4318'), new Error('connect ECONNREFUSED 127.0.0.1:4318')]);
    expect(describeFailure(attempts)).toBe('connect ECONNREFUSED ::1:4318, connect ECONNREFUSED 127.0.0.1:4318');
  });

  it('finds words for whatever was thrown', () => {
    expect(describeFailure(new RangeError())).toBe('RangeError');
    expect(describeFailure('plain text')).toBe('plain text');
  });
});
