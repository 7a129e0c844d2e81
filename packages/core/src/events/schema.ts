import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { EventDataIssue } from '../errors/event-data-error.ts';

/** What a schema says of a value. */
export type SchemaVerdict =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly EventDataIssue[] };

/**
 * Validates a value by any schema that follows Standard Schema 1 (zod, valibot, ArkType, …), synchronously.
 *
 * A schema that answers with a promise is an issue: an aggregate decides in one go, and a store must be able to decode without waiting.
 */
export function validateWith(schema: StandardSchemaV1, value: unknown): SchemaVerdict {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    // Nobody waits for it; its rejection must not surface as an unhandled one.
    result.catch(() => undefined);
    return {
      ok: false,
      issues: [{ path: '', message: 'the schema validates asynchronously, which events can not; use a synchronous schema' }],
    };
  }
  if (result.issues === undefined) return { ok: true, value: result.value };
  return { ok: false, issues: result.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })) };
}

function pathText(path: StandardSchemaV1.Issue['path']): string {
  let text = '';
  for (const segment of path ?? []) {
    const key = typeof segment === 'object' ? segment.key : segment;
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}
