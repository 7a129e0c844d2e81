import type { DomainEvent, EventDraft, StoredEvent, StreamId } from '@es/core';

/** The drafts, made with a definition's `create`, that stand for events of some types. */
export type DraftFor<Event> = Event extends DomainEvent<infer Type, infer Data> ? EventDraft<Type, Data> : never;

/** Stamps drafts as a store would have them: the events of one stream, from its beginning. */
export function storedHistory(stream: StreamId, drafts: readonly EventDraft[]): StoredEvent[] {
  return drafts.map((draft, index) =>
    Object.freeze({
      ...draft,
      ...stream,
      version: index + 1,
      correlationId: draft.id,
      causationId: draft.id,
      position: BigInt(index + 1),
      recordedAt: draft.occurredAt,
    }),
  );
}

/** What is compared of an event: all that the code which made it chose, and nothing that was generated. */
export function comparable({ type, data, metadata, tags }: Pick<EventDraft, 'type' | 'data' | 'metadata' | 'tags'>): object {
  return { type, data, ...(Object.keys(metadata).length === 0 ? {} : { metadata }), ...(tags === undefined ? {} : { tags }) };
}
