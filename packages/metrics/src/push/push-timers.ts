/** The time of pushes, which tests can replace. */
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { unfaked } from '../real-timers.js';

export interface PushTimers {
  /** Returns the time in milliseconds. Only differences have a meaning. */
  now(): number;
  /**
   * Calls a function later.
   * @param wait `keepsAlive`: whether the process stays alive until then
   * @returns a function that cancels the call
   */
  after(wait: { readonly delayMs: number; readonly keepsAlive: boolean }, call: () => void): () => void;
  /** Returns a number from 0 to 1. */
  random(): number;
}

/** The real time, even if a test fakes the global timers. */
export const realTimers: PushTimers = {
  now: () => performance.now(),
  after({ delayMs, keepsAlive }, call) {
    const timer = unfaked(setTimeout, 'setTimeout')(call, delayMs);
    if (!keepsAlive) timer.unref();
    return () => unfaked(clearTimeout, 'clearTimeout')(timer);
  },
  random: Math.random,
};

/** Waits, and keeps the process alive. */
export function pause(timers: PushTimers, delayMs: number): Promise<void> {
  return new Promise((resolve) => void timers.after({ delayMs, keepsAlive: true }, resolve));
}
