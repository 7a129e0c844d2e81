import type { Logger } from '@es/otel';

const nothing = (): void => undefined;

/** A logger that says nothing, for tests to listen to a part of it. */
export const silent: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => silent,
  isLevelEnabled: () => true,
};
