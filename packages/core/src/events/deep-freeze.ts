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
