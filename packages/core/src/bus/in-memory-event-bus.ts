import { AbortedError } from '../errors/aborted-error.ts';
import { ClosedError } from '../errors/closed-error.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import { BaseEventBus } from './base-event-bus.ts';
import type { StopOptions, StopReport } from './event-bus.ts';
import type { EventBusOptions } from './event-bus-options.ts';
import { MemoryEventTransport } from './memory-event-transport.ts';

/** What an in-memory bus can be given. */
export interface InMemoryEventBusOptions extends EventBusOptions {
  /** The destination in its telemetry, and the source of its dead letters; default `events`. */
  readonly name?: string;
}

/**
 * An event bus within one process, that lives as long as its object: for tests, and for services that need no broker. Events published before
 * `startConsuming` wait for it. What is not handled when the process ends is lost, unlike with a broker.
 */
export class InMemoryEventBus extends BaseEventBus {
  readonly #transport: MemoryEventTransport;
  readonly #stopped = new AbortController();

  /** @throws InvalidArgumentError when an option is out of its range; EventDefinitionError when two of the definitions share a type. */
  constructor(options: InMemoryEventBusOptions = {}) {
    const transport = new MemoryEventTransport(options.name ?? 'events');
    super(transport, options);
    this.#transport = transport;
  }

  /**
   * Resolves when every event published so far, and all that handlers published meanwhile, has been handled or is a dead letter. Before
   * `startConsuming` it waits for that too. Not to be awaited in a handler, which would wait for itself.
   *
   * @throws ClosedError when the bus is stopped before that; AbortedError when the signal is aborted.
   */
  async whenIdle(options: OperationOptions = {}): Promise<void> {
    this.assertOpen('whenIdle', options.signal);
    const signals = options.signal === undefined ? [] : [options.signal];
    try {
      await this.#transport.whenSettled(AbortSignal.any([this.#stopped.signal, ...signals]));
    } catch {
      if (this.#stopped.signal.aborted) throw new ClosedError('InMemoryEventBus', 'whenIdle');
      throw new AbortedError('InMemoryEventBus.whenIdle', options.signal?.reason);
    }
  }

  override async stop(options?: StopOptions): Promise<StopReport> {
    const report = await super.stop(options);
    this.#stopped.abort();
    return report;
  }
}
