import type { DomainEvent } from '@es/core';

/** A trace as a publisher with an SDK would send it on. */
export const someTraceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The headers that the library sends, written by hand. */
export const rawHeaders = (prefix: string, event: DomainEvent): Record<string, string> => ({
  [`${prefix}specversion`]: '1.0',
  [`${prefix}id`]: event.id,
  [`${prefix}source`]: `/${event.aggregateType}`,
  [`${prefix}type`]: event.type,
  [`${prefix}subject`]: event.aggregateId,
  [`${prefix}time`]: event.occurredAt,
  [`${prefix}aggregatetype`]: event.aggregateType,
  [`${prefix}aggregateversion`]: String(event.version),
  [`${prefix}schemaversion`]: String(event.schemaVersion),
  [`${prefix}correlationid`]: event.correlationId,
  [`${prefix}causationid`]: event.causationId,
});
