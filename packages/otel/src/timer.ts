import type { Attributes } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from './attributes.ts';
import { errorType } from './span-errors.ts';
import { withoutThrowing } from './without-throwing.ts';

/** Attributes of a metric, of low cardinality, or a function that computes them and is called only if something records them. */
export type MetricAttributes = Attributes | (() => Attributes);

/** Measures one operation, from the moment when it was made until one of its methods is called. Never throws. */
export interface Timer {
  /** Records how long it took. */
  succeeded(): void;
  /** Records how long it took until it failed, with `error.type` by the rule that spans follow too. */
  failed(error: unknown): void;
}

/** A timer that records into a histogram, in seconds. */
export class HistogramTimer implements Timer {
  readonly #name: string;
  readonly #histogram: { record(value: number, attributes: Attributes): void };
  readonly #attributes: MetricAttributes;
  readonly #started: number = performance.now();

  /** @param name - Of the metric, for diagnostics. */
  constructor(name: string, histogram: { record(value: number, attributes: Attributes): void }, attributes: MetricAttributes) {
    this.#name = name;
    this.#histogram = histogram;
    this.#attributes = attributes;
  }

  succeeded(): void {
    this.#record();
  }

  failed(error: unknown): void {
    this.#record({ [ATTR_ERROR_TYPE]: errorType(error) });
  }

  #record(failure?: Attributes): void {
    const seconds = (performance.now() - this.#started) / 1000;
    withoutThrowing(`recording ${this.#name}`, () => {
      const attributes = typeof this.#attributes === 'function' ? this.#attributes() : this.#attributes;
      this.#histogram.record(seconds, failure === undefined ? attributes : { ...attributes, ...failure });
    });
  }
}
