/** Timers that a test moves. */
import type { PushTimers } from '@tsukimi/metrics';

interface Waiting {
  readonly atMs: number;
  readonly keepsAlive: boolean;
  readonly call: () => void;
}

export class StepTimers implements PushTimers {
  #nowMs = 0;
  readonly #waiting = new Set<Waiting>();

  now(): number {
    return this.#nowMs;
  }

  random(): number {
    return 0.5;
  }

  after({ delayMs, keepsAlive }: { readonly delayMs: number; readonly keepsAlive: boolean }, call: () => void): () => void {
    const waiting = { atMs: this.#nowMs + delayMs, keepsAlive, call };
    this.#waiting.add(waiting);
    return () => void this.#waiting.delete(waiting);
  }

  /** The delays until each call that is waited for, and whether the process stays alive for it. */
  get pending(): readonly (readonly [delayMs: number, keepsAlive: boolean])[] {
    return [...this.#waiting]
      .map(({ atMs, keepsAlive }) => [atMs - this.#nowMs, keepsAlive] as const)
      .sort(([one], [other]) => one - other);
  }

  /** Moves the time, call by call, and lets promises go on in between. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      await settled();
      const [next] = [...this.#waiting].filter(({ atMs }) => atMs <= endMs).sort((one, other) => one.atMs - other.atMs);
      if (next === undefined) break;
      this.#waiting.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.call();
    }
    this.#nowMs = endMs;
  }
}

/** Lets everything go on that only waits for promises and turns of the event loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
