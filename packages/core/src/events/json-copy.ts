import type { EventDataIssue } from '../errors/event-data-error.ts';
import type { JsonValue } from './json.ts';

const maximumDepth = 1_000;

/** A frozen JSON copy of a value, or the reasons why it has none. `same`: the copy says exactly what the reference says. */
export interface JsonCopy {
  readonly value: JsonValue;
  readonly same: boolean;
  readonly issues: readonly EventDataIssue[];
}

/**
 * Copies a value into deeply frozen JSON, the form in which it will be stored.
 *
 * Unlike `JSON.stringify` it loses nothing silently: NaN, infinities, bigints, functions, symbols, maps, sets and other class instances are
 * issues with their path. Values with a `toJSON` method, such as dates, become what that returns. Properties that are `undefined` are left
 * out; `-0` becomes `0`, as in JSON text.
 *
 * @param reference - Compared with the copy on the way; the value itself where there is nothing to compare with.
 */
export function copyJson(value: unknown, reference: unknown): JsonCopy {
  const copier = new Copier();
  const copy = copier.copy(value, reference, '', 0);
  return { value: copy, same: copier.same, issues: copier.issues };
}

class Copier {
  same = true;
  readonly issues: EventDataIssue[] = [];

  copy(value: unknown, reference: unknown, path: string, depth: number): JsonValue {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        if (value !== reference) this.same = false;
        return value;
      case 'number':
        return this.#number(value, reference, path);
      case 'object':
        return value === null ? this.#null(reference) : this.#object(value, reference, path, depth);
      case 'bigint':
        return this.#issue(path, 'a bigint is not JSON; store it as a decimal string');
      default:
        return this.#issue(path, `${value === undefined ? 'undefined' : `a ${typeof value}`} is not JSON`);
    }
  }

  #number(value: number, reference: unknown, path: string): JsonValue {
    if (!Number.isFinite(value)) return this.#issue(path, `${value} is not JSON; leave the field out or store null`);
    if (value !== reference) this.same = false;
    return value === 0 ? 0 : value;
  }

  #null(reference: unknown): null {
    if (reference !== null) this.same = false;
    return null;
  }

  #object(value: object, reference: unknown, path: string, depth: number): JsonValue {
    if (depth >= maximumDepth) return this.#issue(path, `is nested deeper than ${maximumDepth} levels, or contains itself`);
    if (hasJsonForm(value)) {
      this.same = false;
      return this.#converted(value.toJSON(), path, depth);
    }
    if (Array.isArray(value)) return this.#array(value, reference, path, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
      return this.#issue(path, `an instance of ${value.constructor?.name ?? 'a class'} is not JSON; store a plain object`);
    }
    return this.#record(value, reference, path, depth);
  }

  #converted(json: unknown, path: string, depth: number): JsonValue {
    if (json === null) return this.#issue(path, 'has no JSON form (an invalid date?)');
    return this.copy(json, json, path, depth + 1);
  }

  #array(value: readonly unknown[], reference: unknown, path: string, depth: number): JsonValue {
    const other = Array.isArray(reference) ? reference : [];
    if (other.length !== value.length) this.same = false;
    const copy: JsonValue[] = [];
    for (let i = 0; i < value.length; i += 1) copy.push(this.copy(value[i], other[i], `${path}[${i}]`, depth + 1));
    return Object.freeze(copy);
  }

  #record(value: object, reference: unknown, path: string, depth: number): JsonValue {
    const other = isRecord(reference) ? reference : {};
    const copy: Record<string, JsonValue> = {};
    let count = 0;
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      count += 1;
      const json = this.copy(item, other[key], path === '' ? key : `${path}.${key}`, depth + 1);
      // A plain assignment to this one key would change the copy's prototype and lose the value.
      if (key === '__proto__') Object.defineProperty(copy, key, { value: json, enumerable: true });
      else copy[key] = json;
    }
    if (!isRecord(reference) || countDefined(other) !== count) this.same = false;
    return Object.freeze(copy);
  }

  #issue(path: string, message: string): null {
    this.issues.push({ path, message });
    return null;
  }
}

function hasJsonForm(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function countDefined(value: Record<string, unknown>): number {
  let count = 0;
  for (const key of Object.keys(value)) if (value[key] !== undefined) count += 1;
  return count;
}
