import assert from 'node:assert/strict';
import {
  type AppendCondition,
  type AppendResult,
  type EventStore,
  type EventToAppend,
  InMemoryEventStore,
  type StoredEvent,
  type StreamId,
  uuidV7,
} from '@es/core';
import { aggregateTypeOf, type RandomEvent, type RandomStep } from './random-history.ts';
import { anEvent } from './sample-events.ts';

interface Request {
  readonly stream: StreamId;
  readonly events: readonly EventToAppend[];
  readonly condition: AppendCondition;
}

type Outcome = { readonly result: unknown } | { readonly code: unknown; readonly eventId: unknown; readonly actualVersion: unknown };

/** Runs a history on a store and on the in-memory one, and expects the same results and errors at every step. */
export class ModelRun {
  readonly #store: EventStore;
  readonly #model = new InMemoryEventStore({ tracing: false, metrics: false });
  /** Keeps the run apart from others on the same store. */
  readonly #prefix = uuidV7();
  readonly #requests: Request[] = [];
  readonly #ids: string[] = [];
  /** Positions in the store by rank; rank 0 is where the run started. */
  readonly #positions: bigint[];

  private constructor(store: EventStore, start: bigint) {
    this.#store = store;
    this.#positions = [start];
  }

  /** Begins at the end of what the store holds. */
  static async begin(store: EventStore): Promise<ModelRun> {
    return new ModelRun(store, await store.getHeadPosition());
  }

  async step(step: RandomStep): Promise<void> {
    switch (step.do) {
      case 'append':
        return this.#append(await this.#request(step));
      case 'retry': {
        const request = this.#requests[step.append % Math.max(1, this.#requests.length)];
        return request === undefined ? undefined : this.#append(request);
      }
      case 'getEvents': {
        const stream = this.#stream(step.stream);
        return this.#bothYield((store) => store.getEvents(stream, step.options).toArray());
      }
      case 'readAll':
        return this.#bothYield((store) => store.readAll({ ...step.filter, ...this.#bounds(store, step) }).toArray());
    }
  }

  /** Compares all that was stored. */
  end(): Promise<void> {
    return this.#bothYield((store) => store.readAll(this.#bounds(store, { afterRank: 0, upToRank: undefined })).toArray());
  }

  async #request(step: Extract<RandomStep, { do: 'append' }>): Promise<Request> {
    const stream = this.#stream(step.stream);
    const expectedVersion = step.expected === 'current' ? await this.#versionOf(stream) : step.expected;
    const request = { stream, events: step.events.map((event) => this.#event(event)), condition: { expectedVersion } };
    this.#requests.push(request);
    return request;
  }

  async #append({ stream, events, condition }: Request): Promise<void> {
    const expected = await outcome(
      this.#model.appendEvents(stream, events, condition).then((result) => this.#inRanks(this.#model, result)),
    );
    const appended = this.#store.appendEvents(stream, events, condition);
    await appended.then(
      () => this.#learnPositions(),
      () => undefined,
    );
    assert.deepEqual(await outcome(appended.then((result) => this.#inRanks(this.#store, result))), expected);
    assert.equal(this.#rank(this.#store, await this.#store.getHeadPosition()), Number(await this.#model.getHeadPosition()));
  }

  async #bothYield(read: (store: EventStore) => Promise<readonly StoredEvent[]>): Promise<void> {
    const [actual, expected] = [await read(this.#store), await read(this.#model)];
    assert.deepEqual(
      actual.map((event) => this.#comparable(this.#store, event)),
      expected.map((event) => this.#comparable(this.#model, event)),
    );
  }

  async #learnPositions(): Promise<void> {
    const after = this.#positions.at(-1) ?? 0n;
    for (const { position } of await this.#store.readAll({ after }).toArray()) this.#positions.push(position);
  }

  async #versionOf(stream: StreamId): Promise<number> {
    return (await this.#model.getEvents(stream, { direction: 'backward' }).first())?.version ?? 0;
  }

  #stream(stream: number): StreamId {
    return { aggregateType: aggregateTypeOf(stream), aggregateId: `${this.#prefix}-${stream}` };
  }

  #event({ reuse, tenantId, ...fields }: RandomEvent): EventToAppend {
    const id = (reuse === undefined ? undefined : this.#ids[reuse % this.#ids.length]) ?? `${this.#prefix}-${this.#ids.length}`;
    this.#ids.push(id);
    return anEvent({ ...fields, id, ...(tenantId === undefined ? {} : { tenantId }) });
  }

  /** The bounds of a read. The model's positions are ranks; behind the last one nothing is known, so a bound there is one more. */
  #bounds(
    store: EventStore,
    { afterRank, upToRank }: { afterRank: number; upToRank: number | undefined },
  ): { after: bigint; upTo?: bigint } {
    const at = (rank: number): bigint =>
      store === this.#model ? BigInt(rank) : (this.#positions[rank] ?? (this.#positions.at(-1) ?? 0n) + 1n);
    return { after: at(afterRank), ...(upToRank === undefined ? {} : { upTo: at(upToRank) }) };
  }

  #rank(store: EventStore, position: bigint): number {
    return store === this.#model ? Number(position) : this.#positions.indexOf(position);
  }

  #inRanks(store: EventStore, { version, position }: AppendResult): { version: number; rank: number } {
    return { version, rank: version === 0 ? 0 : this.#rank(store, position) };
  }

  #comparable(store: EventStore, { position, recordedAt, traceparent, tracestate, ...event }: StoredEvent): object {
    return { ...event, rank: this.#rank(store, position) };
  }
}

async function outcome(promise: Promise<unknown>): Promise<Outcome> {
  try {
    return { result: await promise };
  } catch (error) {
    const { code, eventId, actualVersion } = error as Record<string, unknown>;
    if (code === undefined) throw error;
    return { code, eventId, actualVersion };
  }
}
