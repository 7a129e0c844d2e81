import { defineEvent } from '@es/core';
import { z } from 'zod';

/** What the three services know of each other: the events. */
export const OrderPlaced = defineEvent('OrderPlaced', { schema: z.object({ customer: z.string() }) });
export const ParcelPacked = defineEvent('ParcelPacked', { schema: z.object({ orderId: z.string() }) });
