import { setImmediate as nextTurn } from 'node:timers/promises';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { traced } from './traced.ts';
import { TracingMixin } from './tracing-mixin.ts';

afterEach(unregisterAll);

const currentName = () => (trace.getActiveSpan() as { name?: string } | undefined)?.name;

class Notifier {
  readonly sender = 'shop';

  @traced('notifier.format', { attributes: { channel: 'email' }, kind: SpanKind.PRODUCER })
  format(to: string, ...words: string[]): string {
    return `${this.sender} to ${to}: ${words.join(' ')} (${currentName()})`;
  }

  @traced('notifier.send')
  async send(to: string): Promise<string> {
    await nextTurn();
    if (to === '') throw new RangeError('nobody');
    return `${this.sender} to ${to} (${currentName()})`;
  }

  @traced('notifier.default_channel')
  static defaultChannel(): string {
    return `email ${currentName()}`;
  }

  @traced('notifier.receiver')
  receiver(this: object): object {
    return this;
  }

  @traced('notifier.secret')
  #secret(suffix: string): string {
    return `${this.sender}${suffix} ${currentName()}`;
  }

  secret(): string {
    return this.#secret('!');
  }

  @traced('notifier.first')
  first<T>(items: readonly T[]): T | undefined {
    return items[0];
  }

  parse(text: string): string;
  parse(amount: number): number;
  @traced('notifier.parse')
  parse(given: string | number): string | number {
    return given;
  }
}

describe('a traced method', () => {
  test('runs in a span with the attributes and kind given, and keeps this, arguments and result', () => {
    const recorder = registerTracing();
    expect(new Notifier().format('ann', 'hello', 'you')).toBe('shop to ann: hello you (notifier.format)');
    const span = recorder.one('notifier.format');
    expect(span.attributes).toEqual({ channel: 'email' });
    expect(span.kind).toBe(SpanKind.PRODUCER);
    expect(span.instrumentationScope.name).toBe('Notifier');
  });

  test('may be async: the span ends when the promise settles, and fails when it rejects', async () => {
    const recorder = registerTracing();
    const sending = new Notifier().send('ann');
    expect(recorder.names).toEqual([]);
    expect(await sending).toBe('shop to ann (notifier.send)');
    expect(recorder.one('notifier.send').status.code).toBe(SpanStatusCode.UNSET);
    await expect(new Notifier().send('')).rejects.toThrow('nobody');
    expect(recorder.ended.at(-1)?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'nobody' });
  });

  test('may be static or #private', () => {
    const recorder = registerTracing();
    expect(Notifier.defaultChannel()).toBe('email notifier.default_channel');
    expect(new Notifier().secret()).toBe('shop! notifier.secret');
    const { receiver } = Notifier.prototype;
    expect(receiver.call(Notifier)).toBe(Notifier);
    expect(recorder.ended.map((span) => span.instrumentationScope.name)).toEqual(['Notifier', 'Notifier', 'Notifier']);
  });

  test('keeps its name and number of parameters', () => {
    expect(Notifier.prototype.format.name).toBe('format');
    expect(Notifier.prototype.format).toHaveLength(1);
    expect(Notifier.defaultChannel.name).toBe('defaultChannel');
  });

  test('works without an SDK', async () => {
    expect(new Notifier().format('ann')).toBe('shop to ann:  (undefined)');
    expect(await new Notifier().send('ann')).toBe('shop to ann (undefined)');
    expect(new Notifier().secret()).toBe('shop! undefined');
  });

  test('that is called without an object still runs in a span', () => {
    const recorder = registerTracing();
    const { first } = new Notifier();
    expect(first([1])).toBe(1);
    expect(first.call(Object.create(null), [2])).toBe(2);
    expect(recorder.ended.map((span) => span.instrumentationScope.name)).toEqual(['@es/otel', '@es/otel']);
  });
});

describe('the scope', () => {
  class Service extends TracingMixin() {
    constructor(enabled: boolean) {
      super();
      this.initTracing('services', { enabled, version: '2' });
    }
    @traced('service.run')
    run(): string | undefined {
      return currentName();
    }
    @traced('service.list')
    *list(): Generator<string | undefined> {
      yield currentName();
    }
  }

  test('is that of the tracing which the object has', () => {
    const recorder = registerTracing();
    expect(new Service(true).run()).toBe('service.run');
    expect(recorder.one('service.run').instrumentationScope).toMatchObject({ name: 'services', version: '2' });
  });

  test('is switched off with it', () => {
    const recorder = registerTracing();
    expect(new Service(false).run()).toBeUndefined();
    expect([...new Service(false).list()]).toEqual([undefined]);
    expect(recorder.started).toBe(0);
  });

  test('is the name of the class when the object has another kind of tracing, and of a subclass when it is one', () => {
    const recorder = registerTracing();
    class Flagged {
      readonly tracing = false;
      @traced('flagged.run')
      run(): void {
        return;
      }
    }
    class Special extends Flagged {}
    new Flagged().run();
    new Special().run();
    expect(recorder.ended.map((span) => span.instrumentationScope.name)).toEqual(['Flagged', 'Special']);
  });
});

test('types: a traced method has the type it was written with', () => {
  const notifier = new Notifier();
  expectTypeOf(notifier.format).toEqualTypeOf<(to: string, ...words: string[]) => string>();
  expectTypeOf(notifier.send).toEqualTypeOf<(to: string) => Promise<string>>();
  expectTypeOf(notifier.receiver).toEqualTypeOf<(this: object) => object>();
  expectTypeOf(notifier.first).toEqualTypeOf<<T>(items: readonly T[]) => T | undefined>();
  expectTypeOf(notifier.parse(1)).toEqualTypeOf<number>();
  expectTypeOf(notifier.parse('1')).toEqualTypeOf<string>();
});
