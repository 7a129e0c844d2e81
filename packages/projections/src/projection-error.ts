import { type DomainEvent, EventSourcingError } from '@es/core';

/** A projection could not handle an event. Code `ES_PROJECTION_FAILED`; what a handler threw is the cause. */
export class ProjectionError extends EventSourcingError {
  /** Name of the projection. */
  readonly projection: string;
  /** Name of the handler; `undefined` where none was reached. */
  readonly handler: string | undefined;
  readonly eventId: string;
  readonly eventType: string;
  /** Where the event stands in the store's global order, if it came from a store. */
  readonly position: bigint | undefined;

  constructor(projection: string, handler: string | undefined, event: DomainEvent, reason: string, options?: ErrorOptions) {
    const position = positionOf(event);
    const where = position === undefined ? '' : ` at position ${position}`;
    super(
      'ES_PROJECTION_FAILED',
      `Projection ${projection} failed${handler === undefined ? '' : ` in its handler ${handler}`} on event ${event.id} ` +
        `(${event.type}, version ${event.version} of ${event.aggregateType} ${event.aggregateId}${where}): ${reason}`,
      options,
    );
    this.projection = projection;
    this.handler = handler;
    this.eventId = event.id;
    this.eventType = event.type;
    this.position = position;
  }
}

/** The position of an event that a store gave back. */
export function positionOf(event: DomainEvent): bigint | undefined {
  return 'position' in event && typeof event.position === 'bigint' ? event.position : undefined;
}
