/** Something was to be taken out of a cart that is not in it. Its code is what spans show as `error.type`. */
export class NotInCartError extends Error {
  override readonly name = 'NotInCartError';
  readonly code = 'NOT_IN_CART';

  constructor(product: string) {
    super(`There is no ${product} in the cart.`);
  }
}
