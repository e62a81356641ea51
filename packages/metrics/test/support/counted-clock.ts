/** A clock for tests of work in slices: how many slices there are does not depend on the speed of the machine. */
import { performance } from 'node:perf_hooks';
import { vi } from 'vitest';

/** From now on until it is disposed of, each reading of `performance.now()` is a millisecond after the one before. */
export function millisecondWithEachReading(): Disposable {
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1;
    return now;
  });
  return { [Symbol.dispose]: () => clock.mockRestore() };
}
