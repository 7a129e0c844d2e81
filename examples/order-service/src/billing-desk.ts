import { AggregateRepository, type EventBus, type EventStore } from '@es/core';
import { type OrderLine, OrderPlaced } from './events.ts';
import { Invoice } from './invoice.ts';

/** Sends an invoice for every order that it hears of. */
export class BillingDesk {
  readonly #invoices: AggregateRepository<Invoice>;
  readonly #issued: (orderId: string, cents: number) => void;

  constructor(eventStore: EventStore, issued: (orderId: string, cents: number) => void) {
    this.#invoices = new AggregateRepository({ eventStore, aggregate: Invoice });
    this.#issued = issued;
  }

  listenTo(bus: EventBus): void {
    bus.subscribe(OrderPlaced, ({ aggregateId, data }) => this.#bill(aggregateId, data.lines), { name: 'bill' });
  }

  async #bill(orderId: string, lines: readonly OrderLine[]): Promise<void> {
    const cents = lines.reduce((sum, { quantity, cents: each }) => sum + quantity * each, 0);
    await this.#invoices.update(orderId, (invoice) => invoice.issue(cents), { orCreate: true });
    this.#issued(orderId, cents);
  }
}
