export { type CatchUpOptions, DeclarativeProjection, type HandleEventOptions, type ProjectionOptions } from './declarative-projection.ts';
export { defineProjection, type ProjectionDefinition } from './define-projection.ts';
export { ProjectionError } from './projection-error.ts';
export { type OnOptions, on, type ProjectionContext, type ProjectionHandler } from './projection-handler.ts';
