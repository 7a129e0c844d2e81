/** Freezes a value and all that it holds, in place; for values nobody else holds yet. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const held of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof held === 'object') deepFreeze(held);
  }
  return value;
}

/** Freezes freshly parsed JSON: the same as {@link deepFreeze} at half its cost, since there are no cycles and nothing is frozen yet. */
export function freezeJson<T>(json: T): T {
  if (typeof json === 'object' && json !== null) freezeParsed(json);
  return json;
}

function freezeParsed(json: object): void {
  if (Array.isArray(json)) {
    for (const held of json) if (typeof held === 'object' && held !== null) freezeParsed(held);
  } else {
    for (const key in json) {
      const held: unknown = json[key as keyof typeof json];
      if (typeof held === 'object' && held !== null) freezeParsed(held);
    }
  }
  Object.freeze(json);
}
