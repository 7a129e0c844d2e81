import { type DomainEvent, uuidV7 } from '@es/core';

/** An event that no definition made: a plain object, as an importer would build it. */
export function busEvent(fields: Partial<DomainEvent> = {}): DomainEvent {
  const id = uuidV7();
  return {
    id,
    type: 'Happened',
    schemaVersion: 1,
    occurredAt: '2024-05-06T07:08:09.123Z',
    aggregateType: 'Sample',
    aggregateId: uuidV7(),
    version: 1,
    data: { number: 1 },
    correlationId: id,
    causationId: id,
    metadata: {},
    ...fields,
  };
}

/** The first events of one aggregate; their data is `{ number }`, which is their version. */
export function busEvents(count: number, fields: Partial<DomainEvent> = {}): DomainEvent[] {
  const aggregateId = uuidV7();
  return Array.from({ length: count }, (_, index) => busEvent({ aggregateId, version: index + 1, data: { number: index + 1 }, ...fields }));
}

/** The first events of several aggregates, in turn: first those of version 1, then those of version 2. */
export function interleavedEvents(aggregates: number, each: number): DomainEvent[] {
  const streams = Array.from({ length: aggregates }, () => busEvents(each));
  return Array.from({ length: each }, (_, index) => streams.flatMap((stream) => stream.slice(index, index + 1))).flat();
}

/** Waits a turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A promise that the case settles. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

/** Never resolves; rejects when the signal is aborted, as a handler does that listens to it. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('cut off')), { once: true });
  });
}

/** Retries only after so long that no test sees it. */
export const muchLater = { maxAttempts: 2, initialDelayMs: 600_000, maxDelayMs: 600_000, jitter: 'none' } as const;
