import { PageSize } from '@es/core';

/** How many events a read takes at once: a page is a round trip, which must be worth its while. */
export const newPageSize = (): PageSize => new PageSize(100, 1_000);
