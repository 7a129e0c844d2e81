import { createTracing, type Tracing, type TracingOptions } from './tracing.ts';

/** What {@link TracingMixin} adds to a class. */
export interface TracingHost {
  /** The component's spans; made on first use, under the class's name unless {@link initTracing} said otherwise. */
  readonly tracing: Tracing;
  /** Names the scope of the component's spans and switches them on or off; meant for the constructor. */
  initTracing(scope: string, options?: TracingOptions): void;
}

// Beside the instances and not in a private field: a base class's constructor may call a method that makes spans, before fields exist.
const tracings = new WeakMap<object, Tracing>();

type Class = new (...args: never[]) => object;
type AbstractClass = abstract new (...args: never[]) => object;
type Statics<B> = { [K in keyof B]: B[K] };

/** A class with its constructor's parameters and static members, whose instances have {@link TracingHost} too. */
export type WithTracing<B extends AbstractClass> = Statics<B> &
  (B extends Class
    ? new (
        ...args: ConstructorParameters<B>
      ) => InstanceType<B> & TracingHost
    : abstract new (
        ...args: ConstructorParameters<B>
      ) => InstanceType<B> & TracingHost);

/**
 * Adds tracing to a class: `class OrderService extends TracingMixin() { … }`, or over a base class with `TracingMixin(Base)`.
 *
 * Works without calling `initTracing`; the scope is then the name of the class.
 */
export function TracingMixin(): new () => TracingHost;
export function TracingMixin<B extends AbstractClass>(base: B): WithTracing<B>;
export function TracingMixin(base: AbstractClass = class {}): new () => TracingHost {
  return class extends (base as unknown as new (...args: unknown[]) => object) implements TracingHost {
    get tracing(): Tracing {
      const known = tracings.get(this);
      if (known !== undefined) return known;
      const tracing = createTracing(this.constructor.name);
      tracings.set(this, tracing);
      return tracing;
    }

    initTracing(scope: string, options?: TracingOptions): void {
      tracings.set(this, createTracing(scope, options));
    }
  };
}
