import { AggregateRoot, type EventOf } from '@es/core';
import { ParcelPacked } from './events.ts';

/** A parcel, named by the order that is in it, so that there is never a second one. */
export class Parcel extends AggregateRoot<{ packed: boolean }, typeof ParcelPacked> {
  static readonly aggregateType = 'Parcel';
  static readonly events = [ParcelPacked];

  protected initialState() {
    return { packed: false };
  }

  protected apply(_state: Parcel['state'], _event: EventOf<typeof ParcelPacked>) {
    return { packed: true };
  }

  /** Does nothing if it was packed before: a broker may deliver an order twice. */
  pack(): void {
    if (!this.state.packed) this.raise(ParcelPacked, { orderId: this.id });
  }
}
