import { AggregateRepository, type EventBus, type EventStore } from '@es/core';
import { TracingMixin } from '@es/otel';
import { ATTR_CUSTOMER, currentCustomer } from './customer.ts';
import { OrderPlaced } from './events.ts';
import { Parcel } from './parcel.ts';
import { publishStream } from './publish-stream.ts';

/** Packs a parcel for every order that it hears of, and tells everyone. */
export class Packer extends TracingMixin() {
  readonly #eventStore: EventStore;
  readonly #parcels: AggregateRepository<Parcel>;
  readonly #parcelsBus: EventBus;

  constructor(eventStore: EventStore, parcelsBus: EventBus) {
    super();
    this.#eventStore = eventStore;
    this.#parcels = new AggregateRepository({ eventStore, aggregate: Parcel });
    this.#parcelsBus = parcelsBus;
  }

  listenTo(ordersBus: EventBus): void {
    ordersBus.subscribe(OrderPlaced, ({ aggregateId }) => this.#pack(aggregateId), { name: 'pack' });
  }

  #pack(orderId: string): Promise<void> {
    return this.tracing.span('warehouse.pack', { [ATTR_CUSTOMER]: currentCustomer() }, async () => {
      await this.#parcels.update(orderId, (parcel) => parcel.pack(), { orCreate: true });
      await publishStream(this.#eventStore, this.#parcelsBus, { aggregateType: Parcel.aggregateType, aggregateId: orderId });
    });
  }
}
