/** Asks for a full garbage collection, so that what is left is what is held. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects garbage; returns the bytes still in use on the heap, where texts and series live. What lies beside it is freed later. */
export function collectGarbage(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
