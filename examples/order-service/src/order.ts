import { AggregateRoot, type EventOf } from '@es/core';
import { type OrderLine, OrderPlaced } from './events.ts';

/** An order, as the service that takes orders sees it. */
export class Order extends AggregateRoot<{ customer: string }, typeof OrderPlaced> {
  static readonly aggregateType = 'Order';
  static readonly events = [OrderPlaced];

  protected initialState() {
    return { customer: '' };
  }

  protected apply(_state: Order['state'], event: EventOf<typeof OrderPlaced>) {
    return { customer: event.data.customer };
  }

  place(customer: string, lines: readonly OrderLine[]): void {
    this.raise(OrderPlaced, { customer, lines: [...lines] });
  }
}
