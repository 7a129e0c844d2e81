import type { Span } from '@opentelemetry/api';
import type { ActiveSpan } from './active-span.ts';
import { withoutThrowing } from './without-throwing.ts';

/** Where a {@link SpanIterator} gets its span and its source, and what it does last. */
export interface SpanIteratorOptions<T, TReturn, TNext> {
  /** Starts the span; `undefined` leaves the iteration untraced. */
  start(): ActiveSpan | undefined;
  /** Opens the source, with the span current. */
  open(span: Span | undefined): AsyncIterator<T, TReturn, TNext>;
  /** Called once, just before the span ends. */
  onEnd?: ((span: Span) => void) | undefined;
}

/**
 * One iteration under one span: started at the first pull, current while the source works, ended when the source is done, fails or is
 * abandoned. The consumer's code between two pulls runs outside. Written by hand, since an async generator in between costs more per item.
 */
export class SpanIterator<T, TReturn = unknown, TNext = undefined> implements AsyncIterator<T, TReturn, TNext> {
  readonly #options: SpanIteratorOptions<T, TReturn, TNext>;
  #active: ActiveSpan | undefined;
  #source: AsyncIterator<T, TReturn, TNext> | undefined;
  #finished = false;

  // Made once per iteration, not once per pull.
  readonly #onResult = (result: IteratorResult<T, TReturn>): IteratorResult<T, TReturn> => {
    if (result.done === true) this.#end();
    return result;
  };
  readonly #onClosed = (result: IteratorResult<T, TReturn>): IteratorResult<T, TReturn> => {
    this.#end();
    return result;
  };
  readonly #onError = (error: unknown): never => {
    this.#fail(error);
    throw error;
  };

  constructor(options: SpanIteratorOptions<T, TReturn, TNext>) {
    this.#options = options;
  }

  next(...sent: [] | [TNext]): Promise<IteratorResult<T, TReturn>> {
    if (this.#finished) return finalResult(undefined as TReturn);
    try {
      this.#source ??= this.#open();
    } catch (error) {
      this.#fail(error);
      return rejected(error);
    }
    const source = this.#source;
    return this.#step(() => source.next(...sent));
  }

  return(value?: TReturn | PromiseLike<TReturn>): Promise<IteratorResult<T, TReturn>> {
    const close = this.#finished ? undefined : this.#source?.return?.bind(this.#source);
    if (close !== undefined) return this.#step(() => close(value), this.#onClosed);
    this.#end();
    return finalResult(value as TReturn);
  }

  throw(error?: unknown): Promise<IteratorResult<T, TReturn>> {
    const raise = this.#finished ? undefined : this.#source?.throw?.bind(this.#source);
    if (raise !== undefined) return this.#step(() => raise(error));
    const source = this.#finished ? undefined : this.#source;
    this.#fail(error);
    return Promise.resolve(source?.return?.()).then(() => rejected(error));
  }

  #open(): AsyncIterator<T, TReturn, TNext> {
    const active = this.#options.start();
    this.#active = active;
    return active === undefined ? this.#options.open(undefined) : active.run(() => this.#options.open(active.span));
  }

  #step(pull: () => Promise<IteratorResult<T, TReturn>>, onResult = this.#onResult): Promise<IteratorResult<T, TReturn>> {
    if (this.#active === undefined) return pull();
    return settled(this.#active, pull).then(onResult, this.#onError);
  }

  #end(): void {
    this.#finish()?.end();
  }

  #fail(error: unknown): void {
    this.#finish()?.fail(error);
  }

  #finish(): ActiveSpan | undefined {
    const active = this.#finished ? undefined : this.#active;
    this.#finished = true;
    const { onEnd } = this.#options;
    if (active !== undefined && onEnd !== undefined) withoutThrowing('onEnd of an iteration', () => onEnd(active.span));
    return active;
  }
}

// A source may throw instead of rejecting, or answer with a plain result, as `for await` allows.
function settled<R>(active: ActiveSpan, pull: () => Promise<R>): Promise<R> {
  try {
    return Promise.resolve(active.run(pull));
  } catch (error) {
    return rejected(error);
  }
}

function finalResult<T, TReturn>(value: TReturn | PromiseLike<TReturn>): Promise<IteratorResult<T, TReturn>> {
  return Promise.resolve(value).then((last) => ({ done: true, value: last }));
}

async function rejected(error: unknown): Promise<never> {
  throw error;
}
