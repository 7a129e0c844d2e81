import { UpcastError } from '../errors/upcast-error.ts';
import type { AnyEventDefinition } from './event-definition.ts';
import type { JsonObject, JsonValue } from './json.ts';

/**
 * Brings stored data to the schema version of its definition, step by step.
 *
 * @returns data that may share parts with the input.
 * @throws UpcastError when the data is newer than the definition, a step is missing, or a step fails.
 */
export function upcastData(
  definition: AnyEventDefinition,
  event: { readonly id: string; readonly type: string; readonly schemaVersion: number; readonly metadata: JsonObject },
  stored: unknown,
): unknown {
  if (event.schemaVersion > definition.schemaVersion) {
    throw new UpcastError(
      event,
      `this code knows ${definition.type} only up to schema version ${definition.schemaVersion}. Deploy the newer code here too.`,
    );
  }
  let data = stored;
  for (let version = event.schemaVersion; version < definition.schemaVersion; version += 1) {
    const step = definition.upcast.get(version);
    if (step === undefined)
      throw new UpcastError(
        event,
        `its definition has no step from schema version ${version}. Add \`upcast: { ${version}: (data) => … }\`.`,
      );
    try {
      data = step(data as JsonValue, event);
    } catch (cause) {
      throw new UpcastError(
        event,
        `the step from schema version ${version} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }
  return data;
}
