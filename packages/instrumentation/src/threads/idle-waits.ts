/** Threads that block while they have nothing to do: timers don't run there, so what was recorded last would not be sent. */

/** How long a thread has to wait to be idle, in milliseconds. */
const IDLE_MS = 100;

/**
 * Calls a function when this thread has waited for 100 ms in `Atomics.wait`, in which the threads of piscina and other pools wait for work. The wait is
 * divided in two; who waits can't tell. Only for worker threads that have asked for it: in the main thread, nothing is changed.
 */
export function beforeIdleWaits(act: () => void): void {
  const wait = Atomics.wait.bind(Atomics) as (...args: WaitArguments) => WaitResult;
  const divided = (...[array, index, value, timeout = Number.POSITIVE_INFINITY]: WaitArguments): WaitResult => {
    if (!(timeout > IDLE_MS)) return wait(array, index, value, timeout);
    const result = wait(array, index, value, IDLE_MS);
    if (result !== 'timed-out') return result;
    try {
      act();
    } catch {
      // Who waits has nothing to do with it.
    }
    return wait(array, index, value, timeout - IDLE_MS);
  };
  Object.defineProperty(Atomics, 'wait', { value: divided, configurable: true, writable: true });
}

type WaitArguments = [array: Int32Array, index: number, value: number, timeout?: number];
type WaitResult = 'ok' | 'not-equal' | 'timed-out';
