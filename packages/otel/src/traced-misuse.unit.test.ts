import { describe, expect, expectTypeOf, test } from 'vitest';
import { traced } from './traced.ts';
import { UsageError } from './usage-error.ts';

describe('misuse is refused with what to write instead', () => {
  // As code without types, or with the decorators of old, would call it.
  const decorate = (value: unknown, context: unknown) => (traced('shop.run') as (...args: unknown[]) => unknown)(value, context);
  const refusal = (fn: () => unknown): string => {
    try {
      fn();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ code: 'ES_INVALID_ARGUMENT', name: 'UsageError' });
      return (error as Error).message;
    }
    throw new Error('It was not refused.');
  };
  const method = () => undefined;

  test.each([
    ['a class', class Shop {}, { kind: 'class', name: 'Shop' }, "@traced('shop.run') stands on the class 'Shop': put it on each method"],
    [
      'a field',
      undefined,
      { kind: 'field', name: 'run' },
      "stands on the field 'run': write it as a method, or call this.tracing.span('shop.run'",
    ],
    ['an accessor', {}, { kind: 'accessor', name: 'run' }, "stands on the accessor 'run': write it as a method"],
    ['a getter', method, { kind: 'getter', name: 'total' }, "stands on the getter 'total': make it a method"],
    ['a setter', method, { kind: 'setter', name: Symbol('total') }, "stands on the setter 'Symbol(total)': make it a method"],
    ['a legacy decorator call', class Shop {}.prototype, 'run', 'take experimentalDecorators out of tsconfig.json'],
    ['a plain function', method, undefined, "around a plain function, call createTracing(…).span('shop.run'"],
    ['a method that is none', undefined, { kind: 'method', name: 'run' }, 'was not applied as a standard decorator of a method'],
    ['nonsense', method, null, 'was not applied as a standard decorator of a method'],
  ])('on %s', (_, value, context, message) => {
    expect(refusal(() => decorate(value, context))).toContain(message);
  });

  test.each([
    ['an empty name', ''],
    ['a name of blanks', '  '],
    ['no call at all: the method in place of the name', method],
    ['no name', undefined],
  ])('with %s', (_, name) => {
    expect(refusal(() => (traced as (...args: unknown[]) => unknown)(name, { kind: 'method' }))).toContain(
      "@traced needs the name of its span: write @traced('order_service.place_order')",
    );
  });

  test('a field or a getter is refused by the types too', () => {
    const decorator = traced('shop.run');
    expectTypeOf<ClassFieldDecoratorContext>().not.toExtend<Parameters<typeof decorator>[1]>();
    expectTypeOf<ClassGetterDecoratorContext>().not.toExtend<Parameters<typeof decorator>[1]>();
    expectTypeOf<ClassDecoratorContext>().not.toExtend<Parameters<typeof decorator>[1]>();
    expectTypeOf<string>().not.toExtend<Parameters<typeof decorator>[1]>();
  });
});
