/** A target given by its name alone, as the settings that the name is short for: those with nothing but the exporter. */
export function asObject<T>(target: T): Exclude<T, string> {
  return (typeof target === 'string' ? { exporter: target } : target) as Exclude<T, string>;
}

/** The targets that an option names. */
export function asList<T>(option: T | readonly T[]): readonly T[] {
  return Array.isArray(option) ? option : [option as T];
}

/** The properties that have a value, for configurations that tell an absent property from one that is `undefined`. */
export function withoutUndefined<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
