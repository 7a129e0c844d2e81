import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A way to see how much memory is really in use: bytes of live objects and buffers, after a garbage collection that is forced, so that a
 * measurement does not depend on when the engine would have collected by itself.
 */
export function heapMeter(): () => number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  return () => {
    collectGarbage();
    // The memory of buffers, such as those of sockets, is let go of by the collection after the one that found them unused.
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
}
