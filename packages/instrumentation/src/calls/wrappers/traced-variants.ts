/** The wrappers of methods that may have spans. Whether a call has one is decided with each call, so one without takes the usual way. */
import { nanoseconds } from '@tsukimi/metrics';
import type { AnyFunction } from '../functions/method-kind.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { type CallSpan, type KeepExemplar, type StartCallSpan, TracedCall } from '../recording/call-tracer.js';
import { type ReturnsOptions, returnsOf } from './seen-variants.js';

const { apply } = Reflect;

/** How a method is traced. */
export interface Tracing {
  readonly startSpan: StartCallSpan;
  readonly keepExemplar: KeepExemplar;
}

interface TracedOptions extends ReturnsOptions {
  readonly tracing: Tracing;
  /** The wrapper for calls without a span. */
  readonly plain: AnyFunction;
}

/** For methods of any kind. */
export function tracedVariant(original: AnyFunction, options: TracedOptions): AnyFunction {
  const { calls, tracing, plain } = options;
  const { startSpan } = tracing;
  const returns = returnsOf(options);
  return {
    method(this: unknown): unknown {
      const span = startSpan();
      // biome-ignore lint/complexity/noArguments: rest parameters would cost an array for each call.
      if (span === undefined) return apply(plain, this, arguments);
      // biome-ignore lint/complexity/noArguments: as above.
      const values = arguments;
      const call = tracedCall(calls, { values, span, tracing });
      const start = nanoseconds(call.begins());
      let result: unknown;
      try {
        result = span.run(() => apply(original, this, values));
      } catch (error) {
        call.failed(start, error);
        throw error;
      }
      return returns(result, { call, start, self: this });
    },
  }.method;
}

/** The same as an async function itself. */
export function tracedAsyncFunctionVariant(original: AnyFunction, calls: CallRecorder, tracing: Tracing): AnyFunction {
  const { startSpan } = tracing;
  return {
    async method(this: unknown): Promise<unknown> {
      // biome-ignore lint/complexity/noArguments: as above.
      const values = arguments;
      const span = startSpan();
      const call = span === undefined ? recorderOf(calls, values) : tracedCall(calls, { values, span, tracing });
      const start = nanoseconds(call.begins());
      let value: unknown;
      try {
        value = await (span === undefined ? apply(original, this, values) : span.run(() => apply(original, this, values)));
      } catch (reason) {
        call.failed(start, reason);
        throw reason;
      }
      call.succeeded(start, value);
      return value;
    },
  }.method;
}

interface StartedCall {
  readonly values: ArrayLike<unknown>;
  readonly span: CallSpan;
  readonly tracing: Tracing;
}

function tracedCall(calls: CallRecorder, { values, span, tracing }: StartedCall): TracedCall {
  return new TracedCall({ calls: recorderOf(calls, values), span, keepExemplar: tracing.keepExemplar });
}

function recorderOf(calls: CallRecorder, values: ArrayLike<unknown>): CallRecorder {
  return calls.forCall === undefined ? calls : calls.forCall(values);
}
