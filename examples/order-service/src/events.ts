import { defineEvent, type EventOf } from '@es/core';
import { z } from 'zod';

/** What both services know of each other: the events. */
export const OrderPlaced = defineEvent('OrderPlaced', {
  schema: z.object({ customer: z.string(), lines: z.array(z.object({ product: z.string(), quantity: z.int(), cents: z.int() })) }),
});
export const InvoiceIssued = defineEvent('InvoiceIssued', { schema: z.object({ orderId: z.string(), cents: z.int() }) });

export type OrderLine = EventOf<typeof OrderPlaced>['data']['lines'][number];
