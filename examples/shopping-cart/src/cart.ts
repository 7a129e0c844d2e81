import { AggregateRoot } from '@es/core';
import { type CartDefinition, type CartEvent, cartEvents, ItemAdded, ItemRemoved } from './events.ts';
import { NotInCartError } from './not-in-cart-error.ts';

export interface CartState {
  /** How many of each product. */
  readonly items: ReadonlyMap<string, number>;
}

export class Cart extends AggregateRoot<CartState, CartDefinition> {
  static readonly aggregateType = 'Cart';
  static readonly events = cartEvents;

  protected initialState(): CartState {
    return { items: new Map() };
  }

  protected apply({ items }: CartState, event: CartEvent): CartState {
    const next = new Map(items);
    switch (event.type) {
      case 'ItemAdded':
        next.set(event.data.product, (items.get(event.data.product) ?? 0) + event.data.quantity);
        break;
      case 'ItemRemoved':
        next.delete(event.data.product);
        break;
    }
    return { items: next };
  }

  add(product: string, quantity: number): void {
    this.raise(ItemAdded, { product, quantity });
  }

  /** @throws NotInCartError when there is none of it in the cart. */
  remove(product: string): void {
    if (!this.state.items.has(product)) throw new NotInCartError(product);
    this.raise(ItemRemoved, { product });
  }
}
