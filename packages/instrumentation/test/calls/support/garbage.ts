/** Collects garbage now, and waits for what comes of it. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Collects a few times over, with turns of the event loop between for what follows a collection. */
export async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    collect();
    await setImmediate();
  }
}

/** Collects until a condition holds; it is looked at again after each collection, 200 times at most. */
export async function collectUntil(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let round = 0; round < 200; round += 1) {
    // What a `WeakRef` was asked for stays until the turn is over.
    await setImmediate();
    collect();
    await setImmediate();
    if (await holds()) return true;
  }
  return false;
}
