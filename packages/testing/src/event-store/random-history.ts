import type { ExpectedVersion, JsonValue } from '@es/core';
import fc from 'fast-check';

const streams = 3;
const eventTypes = ['Opened', 'Renamed', 'Closed'] as const;
const aggregateTypes = ['Task', 'Order'] as const;
const tenants = ['acme', 'globex'] as const;
const expectations = ['any', 'any', 'current', 'current', 'stream-exists', 'no-stream'] as const;
const tags = ['red', 'big', 'old'] as const;

/** An event of a history. */
export interface RandomEvent {
  /** Use the id of an event that was appended earlier, counted from the first; `undefined`: a new id. */
  readonly reuse: number | undefined;
  readonly type: string;
  readonly data: JsonValue;
  readonly tags: readonly string[];
  readonly tenantId: string | undefined;
}

/** One thing done to a store. Ranks count the events of the history from 1, in the order of their positions. */
export type RandomStep =
  | {
      readonly do: 'append';
      readonly stream: number;
      readonly events: readonly RandomEvent[];
      /** `current`: the version at which the stream really stands. */
      readonly expected: ExpectedVersion | 'current';
    }
  /** Repeats an earlier append as it was, counted from the first. */
  | { readonly do: 'retry'; readonly append: number }
  | {
      readonly do: 'getEvents';
      readonly stream: number;
      readonly options: {
        readonly fromVersion?: number;
        readonly toVersion?: number;
        readonly limit?: number;
        readonly direction?: 'forward' | 'backward';
      };
    }
  | {
      readonly do: 'readAll';
      readonly afterRank: number;
      readonly upToRank: number | undefined;
      readonly filter: {
        readonly limit?: number;
        readonly types?: readonly string[];
        readonly aggregateTypes?: readonly string[];
        readonly tags?: readonly string[];
        readonly tenantId?: string;
      };
    };

/** Type of the aggregate that a stream of the history belongs to. */
export function aggregateTypeOf(stream: number): string {
  return aggregateTypes[stream % aggregateTypes.length] ?? '';
}

function event(withTags: boolean): fc.Arbitrary<RandomEvent> {
  return fc.record({
    reuse: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(30) }),
    type: fc.constantFrom(...eventTypes),
    data: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
    tags: withTags ? fc.subarray([...tags]) : fc.constant([]),
    tenantId: fc.constantFrom(...tenants, undefined),
  });
}

function append(withTags: boolean): fc.Arbitrary<RandomStep> {
  return fc.record({
    do: fc.constant('append' as const),
    stream,
    events: fc.array(event(withTags), { maxLength: 4, size: 'max' }),
    expected: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...expectations) }, { weight: 1, arbitrary: fc.nat(6) }),
  });
}

function readAll(withTags: boolean): fc.Arbitrary<RandomStep> {
  const filters = {
    limit,
    types: fc.subarray([...eventTypes], { minLength: 1 }),
    aggregateTypes: fc.subarray([...aggregateTypes], { minLength: 1 }),
    tenantId: fc.constantFrom(...tenants),
    ...(withTags ? { tags: fc.subarray([...tags], { minLength: 1 }) } : {}),
  };
  const single = Object.entries(filters).map(([key, value]) => fc.record({ [key]: value }));
  return fc.record({
    do: fc.constant('readAll' as const),
    afterRank: fc.oneof(fc.constant(0), fc.nat(20)),
    upToRank: fc.option(fc.nat(20), { nil: undefined }),
    filter: fc.oneof(fc.constant({}), ...single, fc.record(filters, { requiredKeys: [] })),
  });
}

const stream = fc.nat(streams - 1);
const limit = fc.nat(8);

const getEvents = fc.record({
  do: fc.constant('getEvents' as const),
  stream,
  options: fc.record(
    {
      fromVersion: fc.integer({ min: 1, max: 8 }),
      toVersion: fc.nat(12),
      limit,
      direction: fc.constantFrom('forward' as const, 'backward' as const),
    },
    { requiredKeys: [] },
  ),
});

const retry = fc.record({ do: fc.constant('retry' as const), append: fc.nat(20) });

/** Random histories of a store, which fast-check can shrink to the shortest that still fails: some appends, then anything. */
export function randomHistory({ withTags }: { readonly withTags: boolean }): fc.Arbitrary<RandomStep[]> {
  const anyStep = fc.oneof<fc.MaybeWeightedArbitrary<RandomStep>[]>(
    { weight: 4, arbitrary: append(withTags) },
    { weight: 1, arbitrary: retry },
    { weight: 3, arbitrary: getEvents },
    { weight: 4, arbitrary: readAll(withTags) },
  );
  const beginning = fc.array(append(withTags), { minLength: 4, maxLength: 8 });
  const rest = fc.array(anyStep, { maxLength: 40, size: 'max' });
  return fc.tuple(beginning, rest).map(([first, then]) => [...first, ...then]);
}
