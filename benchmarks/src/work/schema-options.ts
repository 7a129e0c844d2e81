import type { OrderStoreOptions } from './order-stores.ts';

/** The options by which events are validated; what validates them is loaded only where it is used. */
export const schemaOptions = async (validatedBy: 'zod' | undefined): Promise<OrderStoreOptions> =>
  validatedBy === undefined ? {} : { schema: (await import('./line-schema.ts')).lineSchema };
