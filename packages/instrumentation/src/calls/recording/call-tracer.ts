/** The interface by which a tracer makes spans of calls, and the recorder of a call that has one. */
import type { SpanIds } from '@tsukimi/core';
import { type Clock, nanoseconds } from '@tsukimi/metrics';
import type { CallOutcome, CallRecorder } from './call-recorder.js';

/** A measured method. */
export interface TracedMethod {
  /** Value of the `component` label. */
  readonly component: string;
  /** `service`, `repository`, `controller`, `component`, or `object` for `instrument()`. */
  readonly kind: string;
  readonly method: string;
}

/** Makes spans of calls. */
export interface CallTracer {
  /** Called once for each method when it is wired, so that names and attributes are made once. Returns undefined for a method without spans. */
  trace(method: TracedMethod): StartCallSpan | undefined;
}

/**
 * Called with each call of the method, before the method itself. Returns undefined for a call without a span, such as one in a trace that is not
 * sampled: that call takes the usual way, and costs nothing more. Must not throw.
 */
export type StartCallSpan = () => CallSpan | undefined;

/** The span of one call. */
export interface CallSpan {
  readonly ids: SpanIds;
  /**
   * Runs a part of the call in the context of the span: the context of the caller, with this span as the active one. Called for the method itself, for
   * each step of a generator, and when the result of a lazy thenable is requested.
   */
  run<R>(act: () => R): R;
  /** Called once when the call is over, as its metrics see it. Must not throw. */
  ended(outcome: SpanOutcome): void;
}

/** How a call with a span ended. */
export interface SpanOutcome {
  readonly durationSeconds: number;
  /** How long ago the call ended; more than 0 only if that was found later, such as for a generator that was not run to its end. */
  readonly endedAgoSeconds: number;
  readonly hasFailed: boolean;
  /** What was thrown or rejected with; anything can be thrown. */
  readonly error: unknown;
}

/** Keeps the exemplar of a call that was just recorded. */
export type KeepExemplar = (seconds: number, span: SpanIds) => void;

interface TracedCallOptions {
  /** Records the call in its series, and for its observers. */
  readonly calls: CallRecorder;
  readonly span: CallSpan;
  readonly keepExemplar: KeepExemplar;
}

/** Records one call that has a span, with one reading of the clock for all. */
export class TracedCall implements CallRecorder {
  private readonly calls: CallRecorder;
  private readonly span: CallSpan;
  private readonly keepExemplar: KeepExemplar;

  constructor({ calls, span, keepExemplar }: TracedCallOptions) {
    this.calls = calls;
    this.span = span;
    this.keepExemplar = keepExemplar;
  }

  get clock(): Clock {
    return this.calls.clock;
  }

  get begins(): Clock {
    return this.calls.begins;
  }

  get wantsThrown(): boolean {
    return true;
  }

  enter<R>(act: () => R): R {
    return this.span.run(act);
  }

  succeeded(start: number, result?: unknown): void {
    this.endedWithin(start, nanoseconds(this.clock()), { hasFailed: false, result });
  }

  succeededWithin(start: number, end: number): void {
    this.endedWithin(start, end, { hasFailed: false });
  }

  failed(start: number, error: unknown): void {
    this.endedWithin(start, nanoseconds(this.clock()), { hasFailed: true, error });
  }

  failedUnseen(start: number): void {
    this.failed(start, undefined);
  }

  endedWithin(start: number, end: number, outcome: CallOutcome): void {
    this.calls.endedWithin(start, end, outcome);
    const { hasFailed, error } = outcome;
    const durationSeconds = (end - start) * 1e-9;
    if (this.span.ids.isSampled) this.keepExemplar(durationSeconds, this.span.ids);
    const endedAgoSeconds = Math.max(0, nanoseconds(this.clock()) - end) * 1e-9;
    this.span.ended({ durationSeconds, endedAgoSeconds, hasFailed, error });
  }
}
