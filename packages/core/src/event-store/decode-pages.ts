import type { StoredEvent } from '../events/event.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import { decodeEvent } from './decode-event.ts';
import type { EventRecord } from './event-record.ts';

/**
 * Decodes a storage's pages as they are pulled.
 *
 * @param assertOpen - Called before each page is handed on, and at the end; what it throws ends the read.
 */
export async function* decodePages(
  pages: AsyncIterable<readonly EventRecord[]>,
  registry: EventRegistry | undefined,
  assertOpen: () => void,
): AsyncGenerator<readonly StoredEvent[], void> {
  for await (const page of pages) {
    assertOpen();
    yield page.map((record) => decodeEvent(record, registry));
  }
  // A storage that was closed or aborted on the way may just have stopped: that must not pass for the end.
  assertOpen();
}
