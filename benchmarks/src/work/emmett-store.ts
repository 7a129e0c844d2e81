import type { LoadOrder } from './loading.ts';
import { addLine, aggregateType, emptyOrder, eventType, type Line, type OrderState, totalOf } from './order.ts';
import type { SaveOrder } from './saving.ts';

/*
 * emmett is no dependency of this repository (its packages name no licence, and one of its drivers compiles for minutes where no binary can be
 * downloaded): these are the parts of it that are used here, in their shape.
 */
interface EmmettEvent {
  readonly type: string;
  readonly data: Line;
}

/** An event store of emmett, on whatever database. */
export interface EmmettStore {
  appendToStream(
    stream: string,
    events: readonly EmmettEvent[],
    options: { readonly expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' },
  ): Promise<{ readonly nextExpectedStreamVersion: bigint }>;
  aggregateStream<State>(
    stream: string,
    options: { readonly evolve: (state: State, event: EmmettEvent) => State; readonly initialState: () => State },
  ): Promise<{ readonly state: State; readonly currentStreamVersion: bigint }>;
}

const streamName = (id: string): string => `${aggregateType}-${id}`;

/** The same aggregate with one of emmett's stores. */
export const saveAndLoad = (store: EmmettStore): { readonly save: SaveOrder; readonly load: LoadOrder } => ({
  save: async (id, lines) => {
    const events = lines.map((data) => ({ type: eventType, data }));
    const { nextExpectedStreamVersion } = await store.appendToStream(streamName(id), events, {
      expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
    });
    return { version: Number(nextExpectedStreamVersion), total: totalOf(lines) };
  },
  load: async (id) => {
    const { state, currentStreamVersion } = await store.aggregateStream<OrderState>(streamName(id), {
      evolve: (order, { data }) => addLine(order, data),
      initialState: () => emptyOrder,
    });
    return { version: Number(currentStreamVersion), state };
  },
});
