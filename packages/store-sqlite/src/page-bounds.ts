import { PageSize } from '@es/core';

/** How many events a read takes at once: a page is one synchronous query, so the bound is on how long it holds the event loop. */
export const newPageSize = (): PageSize => new PageSize(64, 512);
