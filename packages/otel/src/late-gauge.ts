import type { Meter, ObservableGauge, ObservableResult } from '@opentelemetry/api';
import type { GaugeHandle, GaugeValue } from './gauge.ts';

type Measure = () => Promise<readonly GaugeValue[]>;

/** A gauge that moves from one SDK's meter to the next, with everything that measures it. */
export class LateGauge implements GaugeHandle {
  readonly #make: (meter: Meter) => ObservableGauge;
  readonly #measures = new Set<Measure>();
  readonly #callback = (result: ObservableResult): Promise<void> => this.#collect(result);
  #instrument: ObservableGauge | undefined;

  constructor(make: (meter: Meter) => ObservableGauge) {
    this.#make = make;
  }

  observe(measure: Measure): () => void {
    this.#measures.add(measure);
    return () => void this.#measures.delete(measure);
  }

  /** Lets go of the meter that it was on. */
  attach(meter: Meter | undefined): void {
    this.#instrument?.removeCallback(this.#callback);
    this.#instrument = meter === undefined ? undefined : this.#make(meter);
    this.#instrument?.addCallback(this.#callback);
  }

  async #collect(result: ObservableResult): Promise<void> {
    const measured = await Promise.allSettled([...this.#measures].map((measure) => measure()));
    for (const outcome of measured) {
      // What can't be measured now has no value; the component that measures says why in its log.
      if (outcome.status === 'fulfilled') for (const { value, attributes } of outcome.value) result.observe(value, attributes);
    }
  }
}
