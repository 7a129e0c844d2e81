import type { Logger } from '@es/otel';

/** Switches that every component has. */
export interface ComponentOptions {
  /** Whether the component makes spans; default true, except for projections. */
  readonly tracing?: boolean;
  /** Whether the component records metrics; default true. */
  readonly metrics?: boolean;
  /** Where the component logs; default: its own place in the hierarchy of `getLogger`. */
  readonly logger?: Logger;
}
