/** One value of each choice; a value that is `undefined` is left out. */
export type Combination<Choices extends Readonly<Record<string, readonly unknown[]>>> = {
  readonly [Key in keyof Choices]?: Exclude<Choices[Key][number], undefined>;
};

/** Every combination of some choices. */
export function combinations<const Choices extends Readonly<Record<string, readonly unknown[]>>>(choices: Choices): Combination<Choices>[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [key, values] of Object.entries(choices)) {
    all = all.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [key]: value })));
  }
  return all as Combination<Choices>[];
}
