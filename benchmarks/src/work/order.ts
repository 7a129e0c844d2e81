import { type AggregateClass, AggregateRoot, defineEvent, type EventDefinition, type EventOf } from '@es/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** The data of the one event that all benchmarks write: about 150 characters of JSON. */
export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** In cents. */
  readonly unitPrice: number;
  readonly shelf: { readonly hall: string; readonly number: number };
}

/** What the events of an order add up to. */
export interface OrderState {
  readonly lines: number;
  /** In cents. */
  readonly total: number;
}

export const aggregateType = 'Order';
export const eventType = 'LineAdded';
export const emptyOrder: OrderState = { lines: 0, total: 0 };

/** The next state; the same function for every contender. */
export const addLine = (state: OrderState, line: Line): OrderState => ({
  lines: state.lines + 1,
  total: state.total + line.quantity * line.unitPrice,
});

/** The n-th line of a benchmark; the same for every contender. */
const lineOf = (n: number): Line => ({
  sku: `sku-${n % 977}`,
  name: 'Water bottle, stainless steel, 750 ml',
  quantity: 1 + (n % 5),
  unitPrice: 995 + (n % 4_001),
  shelf: { hall: 'AMS-2', number: n % 40 },
});

/** Lines `from` up to, not including, `to`. */
export const linesOf = (from: number, to: number): Line[] => Array.from({ length: to - from }, (_, index) => lineOf(from + index));

/** What those lines cost. */
export const totalOf = (lines: readonly Line[]): number => lines.reduce(addLine, emptyOrder).total;

/** Accepts everything: what an event costs when nothing is validated. */
export const anyLine: StandardSchemaV1<Line> = {
  '~standard': { version: 1, vendor: 'benchmarks', validate: (value) => ({ value: value as Line }) },
};

type LineAdded = EventDefinition<typeof eventType, StandardSchemaV1<Line>>;

/** What the benchmarks call of an order. */
export interface Order extends AggregateRoot<OrderState, LineAdded> {
  add(line: Line): void;
}

/** The event, validated by a schema. */
export const defineLineAdded = (schema: StandardSchemaV1<Line>): LineAdded => defineEvent(eventType, { schema });

/** The aggregate of an event. */
export const defineOrder = (LineAdded: LineAdded): AggregateClass<Order> =>
  class extends AggregateRoot<OrderState, LineAdded> implements Order {
    static readonly aggregateType = aggregateType;
    static readonly events = [LineAdded];

    protected initialState(): OrderState {
      return emptyOrder;
    }

    protected apply(state: OrderState, event: EventOf<LineAdded>): OrderState {
      return addLine(state, event.data);
    }

    add(line: Line): void {
      this.raise(LineAdded, line);
    }
  };
