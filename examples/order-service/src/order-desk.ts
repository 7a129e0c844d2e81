import { randomUUID } from 'node:crypto';
import { AggregateRepository, type EventBus, type EventStore } from '@es/core';
import { ATTR_AGGREGATE_ID, ATTR_AGGREGATE_TYPE, TracingMixin } from '@es/otel';
import type { OrderLine } from './events.ts';
import { Order } from './order.ts';

/** Takes orders, and tells everyone of them. */
export class OrderDesk extends TracingMixin() {
  readonly #eventStore: EventStore;
  readonly #bus: EventBus;
  readonly #orders: AggregateRepository<Order>;

  constructor(eventStore: EventStore, bus: EventBus) {
    super();
    this.#eventStore = eventStore;
    this.#bus = bus;
    this.#orders = new AggregateRepository({ eventStore, aggregate: Order });
  }

  /** @returns the id of the order, which is stored and published then. */
  placeOrder(customer: string, lines: readonly OrderLine[]): Promise<string> {
    return this.tracing.span('order_desk.place_order', { [ATTR_AGGREGATE_TYPE]: Order.aggregateType }, async (span) => {
      const order = this.#orders.createNew(randomUUID());
      span?.setAttribute(ATTR_AGGREGATE_ID, order.id);
      order.place(customer, lines);
      await this.#orders.save(order);
      // As the store has them: with the trace in which they were written.
      const stored = this.#eventStore.getEvents({ aggregateType: Order.aggregateType, aggregateId: order.id });
      await this.#bus.publish(await stored.toArray());
      return order.id;
    });
  }
}
