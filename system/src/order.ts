import { AggregateRoot, type EventOf } from '@es/core';
import { OrderPlaced } from './events.ts';

/** An order, as the shop sees it. */
export class Order extends AggregateRoot<{ customer: string }, typeof OrderPlaced> {
  static readonly aggregateType = 'Order';
  static readonly events = [OrderPlaced];

  protected initialState() {
    return { customer: '' };
  }

  protected apply(_state: Order['state'], { data }: EventOf<typeof OrderPlaced>) {
    return { customer: data.customer };
  }

  place(customer: string): void {
    this.raise(OrderPlaced, { customer });
  }
}
