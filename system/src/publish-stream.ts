import type { EventBus, EventStore, StreamId } from '@es/core';

/** Publishes the events of a stream as the store has them: with the trace in which they were written. */
export const publishStream = async (eventStore: EventStore, bus: EventBus, stream: StreamId): Promise<void> =>
  bus.publish(await eventStore.getEvents(stream).toArray());
