import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

interface MapLike {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
  keys(): Iterable<string>;
}

const decoder = new TextDecoder();

/** Writes fields as string properties of a plain object, or as entries of a `Map` or `Headers`. */
export const headerSetter: TextMapSetter<object> = {
  set: (carrier, key, value) => {
    if (isMapLike(carrier)) carrier.set(key, value);
    else (carrier as Record<string, unknown>)[key] = value;
  },
};

/** Reads the fields of what {@link headerSetter} writes, whatever the case of the keys; values are text, bytes in UTF-8, or arrays of them. */
export const headerGetter: TextMapGetter<object> = {
  keys: keysOf,
  get: (carrier, key) => {
    const exact = valueOfKey(carrier, key);
    if (exact !== undefined) return text(exact);
    // Most keys of most carriers are of another length, which is told sooner.
    const lowerCase = key.toLowerCase();
    const found = keysOf(carrier).find((name) => name.length === key.length && name.toLowerCase() === lowerCase);
    return found === undefined ? undefined : text(valueOfKey(carrier, found));
  },
};

function keysOf(carrier: object): string[] {
  return isMapLike(carrier) ? [...carrier.keys()] : Object.keys(carrier);
}

function valueOfKey(carrier: object, key: string): unknown {
  if (isMapLike(carrier)) return carrier.get(key) ?? undefined;
  return Object.hasOwn(carrier, key) ? (carrier as Record<string, unknown>)[key] : undefined;
}

function text(value: unknown): string | string[] | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (!Array.isArray(value)) return undefined;
  return value.map(text).filter((item) => typeof item === 'string');
}

function isMapLike(carrier: object): carrier is MapLike {
  const { get, set, keys } = carrier as Partial<MapLike>;
  return typeof get === 'function' && typeof set === 'function' && typeof keys === 'function';
}
