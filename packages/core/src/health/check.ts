/** One check: it runs at most once at a time, for a limited time, and keeps its result for a while. */
import { performance } from 'node:perf_hooks';
// Not the globals, because with a test's fake timers a check would never time out.
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { HealthCheckKind, HealthCheckResult, HealthCheckRun, HealthCheckState } from './health.js';
import { type Outcome, outcomeOf, outcomeOfThrown } from './outcome.js';

/** A check with all options set. */
export interface CheckParts {
  readonly name: string;
  readonly kind: HealthCheckKind;
  readonly timeoutMs: number;
  readonly cacheMs: number;
  /** The place of its declaration, for errors: `Orders.ping`. */
  readonly where: string;
  run(run: HealthCheckRun): unknown;
}

/** A run that has ended, or has taken too long. */
export interface EndedRun {
  readonly check: HealthCheckState & { readonly result: HealthCheckResult };
  /** The status before; undefined at the first run. */
  readonly before: HealthCheckResult | undefined;
  /** What the check threw, if it did. */
  readonly thrown?: unknown;
}

interface Settled {
  readonly outcome: Outcome;
  readonly thrown?: unknown;
}

/** A check and its last result. */
export class Check implements HealthCheckState {
  readonly name: string;
  readonly kind: HealthCheckKind;
  readonly where: string;
  readonly #parts: CheckParts;
  readonly #ended: (run: EndedRun) => void;
  #result: HealthCheckResult | undefined;
  #expiresMs = 0;
  #current: Promise<HealthCheckResult> | undefined;
  /** Whether a run that has taken too long has not ended yet. */
  #hangs = false;

  /** @param ended called after each run. It must not throw. */
  constructor(parts: CheckParts, ended: (run: EndedRun) => void) {
    this.#parts = parts;
    this.#ended = ended;
    this.name = parts.name;
    this.kind = parts.kind;
    this.where = parts.where;
  }

  get result(): HealthCheckResult | undefined {
    return this.#result;
  }

  /** Returns the last result if it is fresh or the check hangs; otherwise the result of a run, which all who ask share. Never rejects. */
  current(): Promise<HealthCheckResult> {
    if (this.#current !== undefined) return this.#current;
    const last = this.#result;
    if (last !== undefined && (this.#hangs || performance.now() < this.#expiresMs)) return Promise.resolve(last);
    this.#current = this.#run().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  async #run(): Promise<HealthCheckResult> {
    const { timeoutMs } = this.#parts;
    const startedMs = performance.now();
    const abort = new AbortController();
    const ended = this.#settled(abort.signal).finally(() => {
      this.#hangs = false;
    });
    const settled = await withLimit(ended, timeoutMs);
    if (settled === undefined) {
      this.#hangs = true;
      abort.abort(new Error(`The health check ${this.name} took longer than ${timeoutMs} ms`));
    }
    const { outcome, thrown } = settled ?? { outcome: { status: 'down', message: `no result within ${timeoutMs} ms` } as const };
    return this.#record(outcome, { durationMs: performance.now() - startedMs, thrown });
  }

  async #settled(signal: AbortSignal): Promise<Settled> {
    try {
      return { outcome: outcomeOf(await this.#parts.run({ signal })) };
    } catch (thrown) {
      return { outcome: outcomeOfThrown(thrown), thrown };
    }
  }

  #record({ status, message }: Outcome, { durationMs, thrown }: { durationMs: number; thrown: unknown }): HealthCheckResult {
    const before = this.#result;
    const since = before?.status === status ? before.since : new Date().toISOString();
    const result = { status, durationMs: Math.round(durationMs * 1000) / 1000, message, since };
    this.#result = result;
    this.#expiresMs = performance.now() + this.#parts.cacheMs;
    this.#ended({ check: { name: this.name, kind: this.kind, result }, before, thrown });
    return result;
  }
}

/** Returns what a promise resolves to; undefined if it has not resolved within the limit. */
async function withLimit<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<undefined>((resolve) => {
    // In an immediate, so that a result that arrived while the event loop was blocked counts.
    timer = setTimeout(() => setImmediate(resolve, undefined), limitMs);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
