import { AggregateRepository, type EventStore, type EventToAppend, InMemoryEventStore, uuidV7 } from '@es/core';
import { SqliteEventStore } from '@es/store-sqlite';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { aggregateType, anyLine, defineLineAdded, defineOrder, type Line, type Order, totalOf } from './order.ts';
import type { Synchronous } from './raw-orders.ts';
import type { SavedOrder } from './saving.ts';

/** What differs between two set-ups that are compared. */
export interface OrderStoreOptions {
  /** Validates the data of events; default: nothing does. */
  readonly schema?: StandardSchemaV1<Line>;
  /** Spans and metrics, by the components' switches; default: on, as is theirs. */
  readonly telemetry?: 'on' | 'off';
}

const switches = (telemetry: 'on' | 'off' = 'on') => ({ tracing: telemetry === 'on', metrics: telemetry === 'on' });

/** The library, set up and called as its users do. */
export class OrderStore {
  readonly eventStore: EventStore;
  readonly #repository: AggregateRepository<Order>;
  readonly #LineAdded: ReturnType<typeof defineLineAdded>;

  constructor(eventStore: EventStore, { schema = anyLine, telemetry }: OrderStoreOptions = {}) {
    this.eventStore = eventStore;
    this.#LineAdded = defineLineAdded(schema);
    this.#repository = new AggregateRepository<Order>({ eventStore, aggregate: defineOrder(this.#LineAdded), ...switches(telemetry) });
  }

  /** On a file. */
  static onSqlite(path: string, synchronous: Synchronous, options: OrderStoreOptions = {}): OrderStore {
    return new OrderStore(new SqliteEventStore({ path, synchronous, ...switches(options.telemetry) }), options);
  }

  /** In memory. */
  static inMemory(options: OrderStoreOptions = {}): OrderStore {
    return new OrderStore(new InMemoryEventStore(switches(options.telemetry)), options);
  }

  /** Through an aggregate and the repository: create, add every line, save. */
  readonly save = async (id: string, lines: readonly Line[]): Promise<SavedOrder> => {
    const order = this.#repository.createNew(id);
    for (const line of lines) order.add(line);
    const { version } = await this.#repository.save(order);
    return { version, total: order.state.total };
  };

  /** Through the event store alone: events made by their definition, appended as a new stream. */
  readonly append = async (aggregateId: string, lines: readonly Line[]): Promise<SavedOrder> => {
    const events = this.#newEvents(lines);
    const { version } = await this.eventStore.appendEvents({ aggregateType, aggregateId }, events, { expectedVersion: 'no-stream' });
    return { version, total: totalOf(lines) };
  };

  /** Through the event store alone, to a stream that should be at a version; answers the version at which it then is. */
  readonly appendTo = async (aggregateId: string, lines: readonly Line[], expectedVersion: number): Promise<number> => {
    const events = this.#newEvents(lines);
    return (await this.eventStore.appendEvents({ aggregateType, aggregateId }, events, { expectedVersion })).version;
  };

  /** At which version a stream stands. */
  readonly versionOf = async (aggregateId: string): Promise<number> => {
    const [last] = await this.eventStore.getEvents({ aggregateType, aggregateId }, { direction: 'backward', limit: 1 }).toArray();
    return last?.version ?? 0;
  };

  readonly load = (id: string): Promise<Order> => this.#repository.load(id);

  close(): Promise<void> {
    return this.eventStore.close();
  }

  /** With what an aggregate gives them: the first one's id names what they all belong to. */
  #newEvents(lines: readonly Line[]): readonly EventToAppend[] {
    const correlationId = uuidV7();
    return lines.map((line, index) => ({ ...this.#LineAdded.create(line, index === 0 ? { id: correlationId } : {}), correlationId }));
  }
}
