import { AggregateRoot, type EventOf } from '@es/core';
import { InvoiceIssued } from './events.ts';

/** An invoice, named by the order that it is for, so that there is never a second one. */
export class Invoice extends AggregateRoot<{ cents: number | undefined }, typeof InvoiceIssued> {
  static readonly aggregateType = 'Invoice';
  static readonly events = [InvoiceIssued];

  protected initialState(): { cents: number | undefined } {
    return { cents: undefined };
  }

  protected apply(_state: Invoice['state'], event: EventOf<typeof InvoiceIssued>) {
    return { cents: event.data.cents };
  }

  /** Does nothing if it was issued before: a broker may deliver an order twice. */
  issue(cents: number): void {
    if (this.state.cents === undefined) this.raise(InvoiceIssued, { orderId: this.id, cents });
  }
}
