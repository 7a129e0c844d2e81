import { AggregateRepository, type EventStore } from '@es/core';
import { ATTR_AGGREGATE_ID, ATTR_AGGREGATE_TYPE, ATTR_VERSION, TracingMixin, type TracingOptions } from '@es/otel';
import { Cart } from './cart.ts';

/** What customers do with their carts, each a span with the cart and the product. */
export class CartService extends TracingMixin() {
  readonly #carts: AggregateRepository<Cart>;

  constructor(eventStore: EventStore, tracing: TracingOptions = {}) {
    super();
    this.initTracing('shopping-cart', tracing);
    this.#carts = new AggregateRepository({ eventStore, aggregate: Cart });
  }

  /** The first product makes the cart. */
  addToCart(cartId: string, product: string, quantity = 1): Promise<Cart> {
    const attributes = { ...cartAttributes(cartId), 'product.name': product, 'product.quantity': quantity };
    return this.tracing.span('cart_service.add_to_cart', attributes, async (span) => {
      const { aggregate, version } = await this.#carts.update(cartId, (cart) => cart.add(product, quantity), { orCreate: true });
      span?.setAttributes({ [ATTR_VERSION]: version, 'cart.products': aggregate.state.items.size });
      return aggregate;
    });
  }

  /** @throws NotInCartError when there is none of it in the cart; AggregateNotFoundError when there is no cart. */
  removeFromCart(cartId: string, product: string): Promise<Cart> {
    const attributes = { ...cartAttributes(cartId), 'product.name': product };
    return this.tracing.span('cart_service.remove_from_cart', attributes, async (span) => {
      const { aggregate, version } = await this.#carts.update(cartId, (cart) => cart.remove(product));
      span?.setAttributes({ [ATTR_VERSION]: version, 'cart.products': aggregate.state.items.size });
      return aggregate;
    });
  }

  /** @throws AggregateNotFoundError when there is no cart. */
  getCart(cartId: string): Promise<Cart> {
    return this.tracing.span('cart_service.get_cart', cartAttributes(cartId), () => this.#carts.load(cartId));
  }
}

function cartAttributes(cartId: string): Record<string, string> {
  return { [ATTR_AGGREGATE_TYPE]: Cart.aggregateType, [ATTR_AGGREGATE_ID]: cartId };
}
