import { randomUUID } from 'node:crypto';
import { AggregateRepository, type EventBus, type EventStore } from '@es/core';
import { currentTraceContext, TracingMixin } from '@es/otel';
import { ATTR_CUSTOMER, withCustomer } from './customer.ts';
import { Order } from './order.ts';
import { publishStream } from './publish-stream.ts';

/** Takes orders: stores and publishes them. */
export class ShopDesk extends TracingMixin() {
  readonly #eventStore: EventStore;
  readonly #bus: EventBus;
  readonly #orders: AggregateRepository<Order>;

  constructor(eventStore: EventStore, bus: EventBus) {
    super();
    this.#eventStore = eventStore;
    this.#bus = bus;
    this.#orders = new AggregateRepository({ eventStore, aggregate: Order });
  }

  /** @returns the `traceparent` of the span in which the order was placed. */
  placeOrder(customer: string): Promise<string | undefined> {
    const place = async (): Promise<string | undefined> => {
      const order = this.#orders.createNew(randomUUID());
      order.place(customer);
      await this.#orders.save(order);
      await publishStream(this.#eventStore, this.#bus, { aggregateType: Order.aggregateType, aggregateId: order.id });
      return currentTraceContext()?.traceparent;
    };
    return withCustomer(customer, () => this.tracing.span('shop.place_order', { [ATTR_CUSTOMER]: customer }, place));
  }
}
