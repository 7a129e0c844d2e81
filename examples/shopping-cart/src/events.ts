import { defineEvent, type EventOf } from '@es/core';
import { z } from 'zod';

const product = z.string().min(1);

export const ItemAdded = defineEvent('ItemAdded', { schema: z.object({ product, quantity: z.int().positive().default(1) }) });
export const ItemRemoved = defineEvent('ItemRemoved', { schema: z.object({ product }) });

/** Everything that can happen to a cart. */
export const cartEvents = [ItemAdded, ItemRemoved] as const;

export type CartDefinition = (typeof cartEvents)[number];
export type CartEvent = EventOf<CartDefinition>;
