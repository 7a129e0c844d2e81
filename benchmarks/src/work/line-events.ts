import { randomUUID } from 'node:crypto';
import { type DomainEvent, uuidV7 } from '@es/core';
import { aggregateType, anyLine, defineLineAdded, type Line, linesOf, totalOf } from './order.ts';

/** The event that travels, as its publishers and its consumers know it. */
export const LineAdded: ReturnType<typeof defineLineAdded> = defineLineAdded(anyLine);

/** Over so many orders the events are spread. */
const orders = 500;

/** Events as aggregates raise them and stores give them back, with ids of their own: line after line, of one order after the other. */
export const lineEvents = (count: number): DomainEvent<string, Line>[] => {
  const orderIds = Array.from({ length: Math.min(orders, count) }, () => randomUUID());
  const correlationId = uuidV7();
  return linesOf(0, count).map((line, index) => ({
    ...LineAdded.create(line),
    aggregateType,
    aggregateId: orderIds[index % orderIds.length] ?? '',
    version: 1 + Math.floor(index / orderIds.length),
    correlationId,
    causationId: correlationId,
  }));
};

/** What so many of them cost, in cents. */
export const totalOfLines = (count: number): number => totalOf(linesOf(0, count));
