import { EventStore, EventType } from '@castore/core';
import { InMemoryEventStorageAdapter } from '@castore/event-storage-adapter-in-memory';
import type { LoadedOrder } from './loading.ts';
import { addLine, emptyOrder, eventType, type Line, type OrderState, totalOf } from './order.ts';
import type { SavedOrder } from './saving.ts';

interface OrderAggregate extends OrderState {
  readonly aggregateId: string;
  readonly version: number;
}

const LineAdded = new EventType<typeof eventType, Line>({ type: eventType });

/** The same aggregate with castore's event store in memory. */
export class CastoreOrders {
  readonly #store = new EventStore({
    eventStoreId: 'orders',
    eventTypes: [LineAdded],
    reducer: (order: OrderAggregate, { aggregateId, version, payload }): OrderAggregate => ({
      aggregateId,
      version,
      ...addLine(order ?? emptyOrder, payload),
    }),
    eventStorageAdapter: new InMemoryEventStorageAdapter(),
  });

  /** As one group of events: castore's way to save several at once. */
  readonly save = async (aggregateId: string, lines: readonly Line[]): Promise<SavedOrder> => {
    const [first, ...others] = lines.map((payload, index) =>
      this.#store.groupEvent({ aggregateId, version: index + 1, type: eventType, payload }),
    );
    if (first === undefined) throw new RangeError('castore groups at least one event.');
    const { eventGroup } = await EventStore.pushEventGroup({ force: false }, first, ...others);
    return { version: eventGroup.length, total: totalOf(lines) };
  };

  readonly load = async (id: string): Promise<LoadedOrder> => {
    const { aggregate } = await this.#store.getExistingAggregate(id);
    return { version: aggregate.version, state: aggregate };
  };
}
