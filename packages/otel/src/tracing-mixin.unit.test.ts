import { afterEach, expect, expectTypeOf, test } from 'vitest';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import type { Tracing } from './tracing.ts';
import { TracingMixin } from './tracing-mixin.ts';

afterEach(unregisterAll);

class Repository<T> {
  static readonly kind = 'repository';
  readonly items: T[];
  constructor(first: T, ...others: T[]) {
    this.items = [first, ...others];
  }
  protected size(): number {
    return this.items.length;
  }
}

test('works alone and without initTracing: the scope is the name of the class', () => {
  const recorder = registerTracing();
  class OrderService extends TracingMixin() {
    place(): string {
      return this.tracing.span('order_service.place', { count: 1 }, (span) => (span === undefined ? 'untraced' : 'traced'));
    }
  }
  const service = new OrderService();
  expect(service.place()).toBe('traced');
  expect(recorder.one('order_service.place').instrumentationScope.name).toBe('OrderService');
  expect(service.tracing).toBe(service.tracing);
  expect(new OrderService().tracing).not.toBe(service.tracing);
});

test('initTracing names the scope and switches tracing off', () => {
  const recorder = registerTracing();
  class OrderService extends TracingMixin() {
    constructor(enableTracing = true) {
      super();
      this.initTracing('orders', { enabled: enableTracing, version: '3' });
    }
  }
  new OrderService().tracing.span('on', () => undefined);
  new OrderService(false).tracing.span('off', () => undefined);
  expect(new OrderService(false).tracing.enabled).toBe(false);
  expect(recorder.names).toEqual(['on']);
  expect(recorder.one('on').instrumentationScope).toMatchObject({ name: 'orders', version: '3' });
});

test('over a base class: keeps constructor, statics, protected members and instanceof', () => {
  class Orders extends TracingMixin(Repository<string>) {
    count(): number {
      return this.tracing.span('count', () => this.size());
    }
  }
  const orders = new Orders('a', 'b');
  expect(orders.count()).toBe(2);
  expect(orders).toBeInstanceOf(Repository);
  expect(Orders.kind).toBe('repository');
  expectTypeOf(orders.items).toEqualTypeOf<string[]>();
  expectTypeOf(orders.tracing).toEqualTypeOf<Tracing>();
  expectTypeOf<typeof Orders.kind>().toEqualTypeOf<'repository'>();
  expectTypeOf<ConstructorParameters<typeof Orders>>().toEqualTypeOf<[first: string, ...others: string[]]>();
});

test('over an abstract base class', () => {
  abstract class Handler {
    readonly topic: string;
    constructor(topic: string) {
      this.topic = topic;
    }
    abstract handle(): string;
  }
  class Mailer extends TracingMixin(Handler) {
    override handle(): string {
      return this.tracing.span('handle', () => this.topic);
    }
  }
  expect(new Mailer('mail').handle()).toBe('mail');
});

test("is there already while a base class's constructor runs, and on a frozen object", () => {
  const recorder = registerTracing();
  class Base {
    constructor() {
      this.setUp();
    }
    setUp(): void {
      return;
    }
  }
  class Service extends TracingMixin(Base) {
    override setUp(): void {
      this.initTracing('early');
      this.tracing.span('set_up', () => undefined);
    }
  }
  Object.freeze(new Service()).tracing.span('frozen', () => undefined);
  expect(recorder.ended.map((span) => `${span.instrumentationScope.name} ${span.name}`)).toEqual(['early set_up', 'early frozen']);
});

test('adds no property to the object', () => {
  class Service extends TracingMixin() {}
  const service = new Service();
  service.tracing.span('work', () => undefined);
  expect(Reflect.ownKeys(service)).toEqual([]);
});
