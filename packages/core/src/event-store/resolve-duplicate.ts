import type { AppendOutcome, AppendRequest } from './event-storage.ts';
import type { StreamId } from './stream-id.ts';

/** Where an event stands. */
export interface EventPlace {
  readonly stream: StreamId;
  readonly version: number;
  readonly position: bigint;
}

/**
 * Decides what an append is whose condition was not met, or some of whose ids are taken: a retry of an append that succeeded, a clash of ids,
 * or a conflict. Stated once, so that every adapter answers alike.
 *
 * @param placeOf - Where the event with an id stands, if anywhere in the store.
 * @param actualVersion - The version at which the stream stands.
 */
export function resolveDuplicate(
  request: AppendRequest,
  placeOf: (eventId: string) => EventPlace | undefined,
  actualVersion: number,
): AppendOutcome {
  const { stream, records } = request;
  const places = records.map((record) => placeOf(record.id));
  const taken = places.findIndex((place) => place !== undefined);
  if (taken === -1) return { status: 'conflict', actualVersion };
  const first = places[0];
  const isRetry = places.every(
    (place, index) =>
      place !== undefined &&
      place.version === (first?.version ?? 0) + index &&
      place.stream.aggregateId === stream.aggregateId &&
      place.stream.aggregateType === stream.aggregateType,
  );
  const last = places.at(-1);
  if (isRetry && last !== undefined) return { status: 'duplicate', version: last.version, position: last.position };
  return { status: 'id-conflict', eventId: records[taken]?.id ?? '' };
}
