/** One attempt to push, with a time limit; and how long to wait before the next. */
import { nextTurn } from '../real-timers.js';
import type { PushTimers } from './push-timers.js';

/** The result of an attempt. */
export type AttemptResult = { readonly outcome: 'success' } | { readonly outcome: 'failure' | 'timeout'; readonly error: unknown };

/** An attempt that is being made. */
export interface Attempt {
  /** The result, at the time limit at the latest. Never rejects. */
  readonly result: Promise<AttemptResult>;
  /** The result of the work itself, which may ignore its signal. Never rejects. */
  readonly settled: Promise<AttemptResult>;
}

interface AttemptLimits {
  readonly timeoutMs: number;
  readonly keepsAlive: boolean;
  readonly timers: PushTimers;
  /** Ends the attempt before its time limit. */
  readonly ended?: AbortSignal | undefined;
}

/** Calls `work` with a signal that is aborted at the time limit. */
export function attempt(work: (signal: AbortSignal) => Promise<unknown>, limits: AttemptLimits): Attempt {
  const { timeoutMs, keepsAlive, timers, ended } = limits;
  const controller = new AbortController();
  const settled = resultOf(work, controller.signal);
  const result = new Promise<AttemptResult>((resolve) => {
    const abort = async (reason: unknown): Promise<void> => {
      controller.abort(reason);
      // Work that ends with the signal may know more about the failure.
      await nextTurn();
      resolve({ outcome: 'timeout', error: reason });
    };
    const cancel = timers.after({ delayMs: timeoutMs, keepsAlive }, () => void abort(timedOut()));
    const end = (): void => {
      cancel();
      void abort(ended?.reason);
    };
    if (ended?.aborted) end();
    else ended?.addEventListener('abort', end, { once: true });
    void settled.then((known) => {
      cancel();
      ended?.removeEventListener('abort', end);
      resolve(controller.signal.aborted && known.outcome === 'failure' ? { ...known, outcome: 'timeout' } : known);
    });
  });
  return { result, settled };
}

async function resultOf(work: (signal: AbortSignal) => Promise<unknown>, signal: AbortSignal): Promise<AttemptResult> {
  try {
    await work(signal);
    return { outcome: 'success' };
  } catch (error) {
    return { outcome: 'failure', error };
  }
}

/** Returns the reason of an abort at a time limit. */
export function timedOut(): DOMException {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
}

/** The pauses after failures: each is twice as long as the one before, up to a limit. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** @param failures how many attempts in a row have failed, from 1 */
export function backoffMs(failures: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 52));
}
