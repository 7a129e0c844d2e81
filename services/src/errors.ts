/** A server that is wanted, but can't be had on this machine as it is: the message says what to do. */
export class ServiceUnavailable extends Error {
  readonly code = 'SERVICE_UNAVAILABLE';
  override readonly name = 'ServiceUnavailable';
}

/** A server that should be there, but doesn't start, answer or stop: the message has the end of its log. */
export class ServiceFailed extends Error {
  readonly code = 'SERVICE_FAILED';
  override readonly name = 'ServiceFailed';
}

/** What went wrong, in words. A connection that fails on several addresses has its reasons inside an AggregateError. */
export const reasonOf = (failure: unknown): string => {
  if (failure instanceof AggregateError && failure.message === '') return failure.errors.map(reasonOf).join('; ');
  return failure instanceof Error ? failure.message : String(failure);
};
