import { uuidV7 } from '@es/core';
import type { Cart } from './cart.ts';
import type { CartService } from './cart-service.ts';

/** A customer fills a cart, thinks again, and looks at what is left. */
export async function shoppingTrip(carts: CartService, say: (line: string) => void): Promise<Cart> {
  const cartId = uuidV7();
  await carts.addToCart(cartId, 'Laptop', 1);
  await carts.addToCart(cartId, 'Mouse', 2);
  await carts.addToCart(cartId, 'Keyboard', 1);
  await carts.removeFromCart(cartId, 'Mouse');
  await carts.removeFromCart(cartId, 'Mouse').catch((error: Error) => say(`Refused: ${error.message}`));
  const cart = await carts.getCart(cartId);
  const { items } = cart.state;
  say(`Cart: ${[...items].map(([product, quantity]) => `${quantity} × ${product}`).join(', ')}`);
  say(`Total items: ${[...items.values()].reduce((sum, quantity) => sum + quantity, 0)}`);
  return cart;
}
