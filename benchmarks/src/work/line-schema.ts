import { z } from 'zod';

/** A line as zod validates it. In a file of its own, since zod takes longer to load than everything else here. */
export const lineSchema = z.object({
  sku: z.string(),
  name: z.string(),
  quantity: z.int(),
  unitPrice: z.int(),
  shelf: z.object({ hall: z.string(), number: z.int() }),
});
