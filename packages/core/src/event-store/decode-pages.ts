import type { StoredEvent } from '../events/event.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import { decodeEvent } from './decode-event.ts';
import type { EventRecord } from './event-record.ts';

/**
 * Decodes a storage's pages as they are pulled.
 *
 * @param open - Begins the read.
 * @param assertOpen - Called before each page is handed on, and at the end; what it throws ends the read.
 * @param failed - Told of what ends the read, before the caller is.
 */
export async function* decodePages(
  open: () => AsyncIterable<readonly EventRecord[]>,
  registry: EventRegistry | undefined,
  assertOpen: () => void,
  failed: (error: unknown) => void,
): AsyncGenerator<readonly StoredEvent[], void> {
  try {
    for await (const page of open()) {
      assertOpen();
      yield page.map((record) => decodeEvent(record, registry));
    }
    // A storage that was closed or aborted on the way may just have stopped: that must not pass for the end.
    assertOpen();
  } catch (error) {
    failed(error);
    throw error;
  }
}
