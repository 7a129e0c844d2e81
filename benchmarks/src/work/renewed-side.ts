import type { Side } from '../harness/rounds.ts';

/** A side that is made anew for each round: a store in memory would only grow, and the garbage collector's work with it. */
export const renewedSide = (make: () => Side): Side => {
  let current = make();
  return {
    name: current.name,
    prepare: () => {
      current = make();
      return current.prepare?.();
    },
    run: () => current.run(),
  };
};
