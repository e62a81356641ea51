/** Waiting for a condition of another process, where no event tells of it. */
import { setTimeout as delay } from 'node:timers/promises';

/** How long to try and how often. */
export interface WaitOptions {
  /** Deadline; 60 s unless given: a machine that has much else to do takes long to start a program. */
  readonly timeoutMs?: number;
  /** Pause between two tries; 25 ms unless given. */
  readonly intervalMs?: number;
}

/**
 * Asks until the answer is neither `undefined` nor `false`, and returns it; a try that throws counts as "not yet".
 *
 * @param what names the condition in the error.
 * @throws an Error at the deadline, with the last failure as its cause.
 */
export async function waitUntil<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const { timeoutMs = 60_000, intervalMs = 25 } = options;
  const deadline = performance.now() + timeoutMs;
  let failure: unknown;
  do {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await delay(intervalMs);
  } while (performance.now() < deadline);
  throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: failure });
}
