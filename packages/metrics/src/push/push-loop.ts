/** Pushes metrics to an outside system, again and again. */
import type { MetricError } from '../errors.js';
import { type AttemptResult, attempt, backoffMs, timedOut } from './attempt.js';
import { BatchRejected, type Exporter, RetryLater } from './exporter.js';
import { ExporterMetrics } from './exporter-metrics.js';
import { ExporterReport } from './exporter-report.js';
import { checkedLoop, type LoopSettings, type PushLoopOptions } from './loop-options.js';

/** A batch that was not confirmed yet. */
interface Unconfirmed<B> {
  readonly batch: B;
  readonly sequence: number;
  attempts: number;
}

/** How a caller that waits for a push limits it. */
interface Limits {
  readonly timeoutMs: number;
  readonly keepsAlive: boolean;
  /** Ends the push before its time limit. */
  readonly ended: AbortSignal;
}

/**
 * Runs one exporter: one push at a time, each with a time limit, again after failures with growing pauses, and at most one batch in memory. While the
 * other side is away, what is recorded stays in the registry.
 *
 * Its timers do not keep the process alive. Call `stop()` when the process ends, so that the last values are sent.
 */
export class PushLoop<B = unknown> {
  readonly #exporter: Exporter<B>;
  readonly #settings: LoopSettings;
  readonly #metrics: ExporterMetrics;
  readonly #report: ExporterReport;
  #unconfirmed: Unconfirmed<B> | undefined;
  #sequence = 0;
  /** The push that has not settled yet, which may have passed its time limit. */
  #inFlight: Promise<void> | undefined;
  /** Ends what is in flight when the loop has stopped. */
  readonly #end = new AbortController();
  #cancelTimer: (() => void) | undefined;
  #stopped: Promise<boolean> | undefined;
  #isStarted = false;
  #failures = 0;
  #downSinceMs: number | undefined;
  /** Before that, the other side does not want to be asked again. */
  #notBeforeMs = 0;
  #error: MetricError | undefined;

  /** @throws TSK_ERR_PUSH_OPTION */
  constructor(exporter: Exporter<B>, options: PushLoopOptions) {
    this.#settings = checkedLoop(exporter as Exporter, options);
    this.#exporter = exporter;
    this.#metrics = new ExporterMetrics(options.registry, exporter.name);
    this.#report = new ExporterReport(exporter, { registry: options.registry, logger: options.logger });
  }

  /** The error of the last push, without credentials; undefined if it was confirmed, and before the first. */
  get error(): MetricError | undefined {
    return this.#error;
  }

  /** Begins to push: at once, and then at each interval. Returns the loop. */
  start(): this {
    if (this.#isStarted || this.#stopped !== undefined) return this;
    this.#isStarted = true;
    this.#metrics.isUp(false);
    this.#schedule(0);
    return this;
  }

  /**
   * Sends everything that was recorded before the call. It waits for a push that is in flight. Never rejects.
   * @param limits.timeoutMs the limit of the whole, in milliseconds; by default the option `flushTimeoutMs`
   * @returns whether the other side has confirmed it; if not, it is sent again later
   */
  async flush({ timeoutMs = this.#settings.flushTimeoutMs }: { readonly timeoutMs?: number | undefined } = {}): Promise<boolean> {
    if (this.#stopped !== undefined) return await this.#stopped;
    return await this.#flush(timeoutMs);
  }

  /**
   * Stops pushing, sends the last values once, and closes the exporter. Never rejects; further calls return the same result.
   * @param limits.timeoutMs the limit of the whole, in milliseconds; by default the option `flushTimeoutMs`. With 0, nothing is sent.
   * @returns whether everything was confirmed. If not, one line is logged.
   */
  stop({ timeoutMs = this.#settings.flushTimeoutMs }: { readonly timeoutMs?: number | undefined } = {}): Promise<boolean> {
    this.#stopped ??= this.#stop(timeoutMs);
    return this.#stopped;
  }

  async #stop(timeoutMs: number): Promise<boolean> {
    this.#cancelTimer?.();
    const { timers } = this.#settings;
    const endsAtMs = timers.now() + timeoutMs;
    const isFlushed = timeoutMs > 0 && (await this.#flush(timeoutMs));
    if (!isFlushed && timeoutMs > 0) this.#report.unsent(timeoutMs);
    this.#end.abort();
    // A client whose close never ends must not keep the process from ending.
    const rest = { timeoutMs: Math.max(CLOSE_MS, endsAtMs - timers.now()), keepsAlive: true, timers };
    await attempt(async () => await this.#exporter.close?.(), rest).result;
    return isFlushed;
  }

  async #flush(timeoutMs: number): Promise<boolean> {
    const { timers } = this.#settings;
    const ended = new AbortController();
    const flushed = attempt(
      async () => {
        const limits = { timeoutMs, keepsAlive: true, ended: AbortSignal.any([ended.signal, this.#end.signal]) };
        // What was read before the call may lack values.
        while (this.#inFlight !== undefined) await this.#inFlight;
        if (this.#unconfirmed !== undefined && !ended.signal.aborted && !(await this.#push(limits))) throw new Error('not confirmed');
        if (ended.signal.aborted || !(await this.#push(limits))) throw new Error('not confirmed');
      },
      { timeoutMs, keepsAlive: true, timers },
    );
    const { outcome } = await flushed.result;
    ended.abort(timedOut());
    return outcome === 'success';
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer?.();
    if (this.#stopped !== undefined) return;
    const { timers } = this.#settings;
    this.#cancelTimer = timers.after({ delayMs, keepsAlive: false }, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    const { timers, timeoutMs, intervalMs } = this.#settings;
    while (this.#inFlight !== undefined) await this.#inFlight;
    if (this.#stopped !== undefined) return;
    const startMs = timers.now();
    await this.#push({ timeoutMs, keepsAlive: false, ended: this.#end.signal });
    const delayMs = this.#failures === 0 ? intervalMs - (timers.now() - startMs) : this.#pauseMs;
    this.#schedule(Math.max(0, this.#jittered(delayMs), this.#notBeforeMs - timers.now()));
  }

  get #pauseMs(): number {
    const { retryDelayMs, maxRetryDelayMs } = this.#settings;
    return backoffMs(this.#failures, { firstMs: retryDelayMs, maxMs: maxRetryDelayMs });
  }

  #jittered(delayMs: number): number {
    const { jitter, timers } = this.#settings;
    return delayMs * (1 + jitter * (timers.random() * 2 - 1));
  }

  /** Makes one attempt. Nothing else may be in flight. @returns whether it was confirmed in time */
  async #push(limits: Limits): Promise<boolean> {
    const { timers, timeoutMs } = this.#settings;
    const attempted = attempt((signal) => this.#send(signal), { ...limits, timeoutMs: Math.min(timeoutMs, limits.timeoutMs), timers });
    const ended = attempted.result.then((result) => this.#ended(result));
    this.#inFlight = ended.then(async (isConfirmed) => {
      const late = await attempted.settled;
      // The result of a push that ignores its signal still counts: the other side may have taken the batch.
      if (!isConfirmed) this.#endedLate(late);
      this.#inFlight = undefined;
    });
    return await ended;
  }

  async #send(signal: AbortSignal): Promise<void> {
    const unconfirmed = this.#unconfirmed ?? (await this.#read());
    signal.throwIfAborted();
    unconfirmed.attempts += 1;
    await this.#exporter.send(unconfirmed.batch, { signal, sequence: unconfirmed.sequence, isRepeated: unconfirmed.attempts > 1 });
    this.#unconfirmed = undefined;
  }

  async #read(): Promise<Unconfirmed<B>> {
    const batch = await this.#exporter.read();
    this.#sequence += 1;
    this.#unconfirmed = { batch, sequence: this.#sequence, attempts: 0 };
    return this.#unconfirmed;
  }

  /** @returns whether the push was confirmed */
  #ended(result: AttemptResult): boolean {
    // Ended by `stop`, which tells of it.
    if (this.#end.signal.aborted && result.outcome !== 'success') return false;
    if (result.outcome === 'success') {
      this.#metrics.counted('success');
      this.#isUp();
    } else if (result.error instanceof BatchRejected) {
      this.#unconfirmed = undefined;
      this.#metrics.counted('rejected');
      this.#report.dropped(result.error);
      this.#isDown(result.error);
    } else {
      this.#metrics.counted(result.outcome);
      this.#isDown(result.error);
    }
    return result.outcome === 'success';
  }

  #endedLate(late: AttemptResult): void {
    if (late.outcome === 'success') this.#isUp();
    else if (late.error instanceof BatchRejected) this.#unconfirmed = undefined;
  }

  #isUp(): void {
    const { timers } = this.#settings;
    if (this.#downSinceMs !== undefined) this.#report.up({ downMs: timers.now() - this.#downSinceMs, failures: this.#failures });
    this.#downSinceMs = undefined;
    this.#failures = 0;
    this.#notBeforeMs = 0;
    this.#error = undefined;
    this.#metrics.isUp(true);
    this.#metrics.succeeded();
  }

  #isDown(cause: unknown): void {
    this.#error = this.#report.errorOf(cause);
    this.#failures += 1;
    this.#metrics.isUp(false);
    const nowMs = this.#settings.timers.now();
    this.#notBeforeMs = cause instanceof RetryLater && cause.afterMs > 0 ? nowMs + Math.min(cause.afterMs, LONGEST_WAIT_MS) : 0;
    if (this.#downSinceMs !== undefined) return;
    this.#downSinceMs = nowMs;
    this.#report.down(cause);
  }
}

/** A receiver whose clock is wrong must not silence an exporter for days. */
const LONGEST_WAIT_MS = 3_600_000;

/** The time that closing an exporter gets if the flush has used up the limit. */
const CLOSE_MS = 100;

/**
 * Starts an exporter, without the framework. Call `stop()` of the returned loop when the process ends.
 * @throws TSK_ERR_PUSH_OPTION
 */
export function startExporter<B>(exporter: Exporter<B>, options: PushLoopOptions): PushLoop<B> {
  return new PushLoop(exporter, options).start();
}
