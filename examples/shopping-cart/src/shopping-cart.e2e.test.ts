import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InMemoryEventStore } from '@es/core';
import { ATTR_AGGREGATE_ID, ATTR_AGGREGATE_TYPE, ATTR_ERROR_TYPE, ATTR_EVENT_TYPE, ATTR_VERSION } from '@es/otel';
import { createTelemetryRecorder, type TelemetryRecorder } from '@es/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CartService } from './cart-service.ts';
import { shoppingTrip } from './shopping-trip.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

describe('a shopping trip', () => {
  let recorder: TelemetryRecorder;
  beforeEach(() => {
    recorder = createTelemetryRecorder();
  });
  afterEach(() => recorder.stop());

  test('makes a trace for each service operation, down to the event store', async () => {
    const said: string[] = [];
    await shoppingTrip(new CartService(new InMemoryEventStore()), (line) => said.push(line));
    expect(said).toEqual(['Refused: There is no Mouse in the cart.', 'Cart: 1 × Laptop, 1 × Keyboard', 'Total items: 2']);

    const load = ['  eventsource.repository.load', '    eventsource.event_store.get_events'];
    const save = (type: string) => [
      '  eventsource.repository.save',
      `    eventsource.event_store.append_events ${ATTR_EVENT_TYPE}=${type}`,
    ];
    expect(recorder.treeText({ attributes: ['product.name', 'product.quantity', ATTR_EVENT_TYPE] }).split('\n')).toEqual([
      'cart_service.add_to_cart product.name=Laptop product.quantity=1',
      ...load,
      ...save('ItemAdded'),
      'cart_service.add_to_cart product.name=Mouse product.quantity=2',
      ...load,
      ...save('ItemAdded'),
      'cart_service.add_to_cart product.name=Keyboard product.quantity=1',
      ...load,
      ...save('ItemAdded'),
      'cart_service.remove_from_cart product.name=Mouse',
      ...load,
      ...save('ItemRemoved'),
      'cart_service.remove_from_cart product.name=Mouse ERROR NOT_IN_CART',
      ...load,
      'cart_service.get_cart',
      ...load,
    ]);
    expect(recorder.openSpans()).toEqual([]);
  });

  test('names the cart on every span of the service, and its version where it changed', async () => {
    const cart = await shoppingTrip(new CartService(new InMemoryEventStore()), () => undefined);
    const spans = recorder.spans().filter(({ name }) => name.startsWith('cart_service.'));
    expect(spans).toHaveLength(6);
    for (const span of spans) {
      expect(span).toMatchObject({
        scope: { name: 'shopping-cart' },
        attributes: { [ATTR_AGGREGATE_TYPE]: 'Cart', [ATTR_AGGREGATE_ID]: cart.id },
      });
    }
    expect(spans.map(({ attributes }) => [attributes[ATTR_VERSION], attributes['cart.products']])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 2],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(spans[4]).toMatchObject({
      status: { code: 'ERROR', message: 'There is no Mouse in the cart.' },
      attributes: { [ATTR_ERROR_TYPE]: 'NOT_IN_CART' },
    });
  });

  test('makes none of the service where its tracing is off, and the same cart', async () => {
    const cart = await shoppingTrip(new CartService(new InMemoryEventStore(), { enabled: false }), () => undefined);
    expect([...cart.state.items]).toEqual([
      ['Laptop', 1],
      ['Keyboard', 1],
    ]);
    expect(new Set(recorder.tree().map(({ span }) => span.name))).toEqual(
      new Set(['eventsource.repository.load', 'eventsource.repository.save']),
    );
  });
});

describe('a cart', () => {
  test('adds up what is added again, and is not there before the first product', async () => {
    const carts = new CartService(new InMemoryEventStore());
    await expect(carts.getCart('cart-1')).rejects.toMatchObject({ code: 'ES_AGGREGATE_NOT_FOUND' });
    await expect(carts.removeFromCart('cart-1', 'Mouse')).rejects.toMatchObject({ code: 'ES_AGGREGATE_NOT_FOUND' });
    await carts.addToCart('cart-1', 'Mouse');
    const cart = await carts.addToCart('cart-1', 'Mouse', 2);
    expect(cart.state.items.get('Mouse')).toBe(3);
  });

  test('takes whole numbers from 1 alone', async () => {
    const carts = new CartService(new InMemoryEventStore());
    for (const quantity of [0, -1, 1.5])
      await expect(carts.addToCart('cart-1', 'Mouse', quantity)).rejects.toMatchObject({ code: 'ES_INVALID_EVENT_DATA' });
  });
});

test('the program shows its traces and nothing else', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=@es/source', 'src/main.ts'], {
    cwd: packageFolder,
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /\ncart_service\.add_to_cart {2}[\d.]+ ms {2}product\.name=Laptop product\.quantity=1 eventsource\.version=1\n├─ eventsource\.repository\.load/,
  );
  expect(stdout).toMatch(
    /\ncart_service\.remove_from_cart {2}[\d.]+ ms {2}✗ There is no Mouse in the cart\. {2}product\.name=Mouse error\.type=NOT_IN_CART\n/,
  );
  expect(stdout).toMatch(/\nCart: 1 × Laptop, 1 × Keyboard\nTotal items: 2\n$/);
});
