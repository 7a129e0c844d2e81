import { offerOf, suite } from './suite.ts';
// For the type of what it provides.
import type {} from './zipkin.ts';

/**
 * A `describe` for tests that look their traces up in Zipkin, given its URL. Where Zipkin can't be had, one test stands for all of them, skipped
 * with the reason. The package's vitest configuration names `@es-internal/services/vitest/zipkin` as a global set-up.
 */
export const describeWithZipkin = (name: string, body: (url: string) => void): void =>
  suite(name, [offerOf('zipkin')], (url = '') => body(url));
