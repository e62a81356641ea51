/** The functions that stand in for methods whose observers want to see each call: its arguments, and what it returned or failed with. */
import { types } from 'node:util';
import { nanoseconds } from '@tsukimi/metrics';
import type { AnyFunction, MethodKind } from '../functions/method-kind.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { ReturnedGenerators } from '../results/generators/returned-generators.js';
import { PromiseTimer } from '../results/promises/async-method-promises.js';
import { mayBeLater, ReturnedValues, type ReturnedValuesOptions } from '../results/returned-values.js';

const { apply } = Reflect;

/** Makes the recorder of one call. */
export type ForCall = NonNullable<CallRecorder['forCall']>;

/** What is known of a method for what its calls return. */
export interface ReturnsOptions extends ReturnedValuesOptions {
  readonly calls: CallRecorder;
  readonly kind: MethodKind;
}

interface SeenOptions extends ReturnsOptions {
  readonly calls: CallRecorder & { readonly forCall: ForCall };
}

/** Records a call that has returned. @returns what the caller gets */
export type Returns = (
  result: unknown,
  returned: { readonly call: CallRecorder; readonly start: number; readonly self: unknown },
) => unknown;

/** For methods of any kind. Each call has a recorder of its own, which keeps its arguments until it is over. */
export function seenVariant(original: AnyFunction, options: SeenOptions): AnyFunction {
  const { forCall } = options.calls;
  const returns = returnsOf(options);
  return {
    method(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: rest parameters would be counted in the length of the method.
      const values = arguments;
      const call = forCall(values);
      const start = nanoseconds(call.begins());
      let result: unknown;
      try {
        result = apply(original, this, values);
      } catch (error) {
        call.failed(start, error);
        throw error;
      }
      return returns(result, { call, start, self: this });
    },
  }.method;
}

/** The same as an async function itself. */
export function seenAsyncFunctionVariant(original: AnyFunction, forCall: ForCall): AnyFunction {
  return {
    async method(this: unknown): Promise<unknown> {
      // biome-ignore lint/complexity/noArguments: as above.
      const values = arguments;
      const call = forCall(values);
      const start = nanoseconds(call.begins());
      let value: unknown;
      try {
        value = await apply(original, this, values);
      } catch (reason) {
        call.failed(start, reason);
        throw reason;
      }
      call.succeeded(start, value);
      return value;
    },
  }.method;
}

/** Returns what records calls of a method that have returned, each with a recorder of its own. */
export function returnsOf({ calls, kind, unhandled, proxyReturned }: ReturnsOptions): Returns {
  if (kind === 'async') return (promise, { call, start }) => new PromiseTimer(call).time(promise as object, start);
  let isProxyTold = false;
  const returnedOptions: ReturnedValuesOptions = {
    unhandled,
    proxyReturned: () => {
      if (!isProxyTold) proxyReturned();
      isProxyTold = true;
    },
  };
  const otherwise: Returns = (result, { call, start, self }) => {
    if (mayBeLater(result) && result !== self) new ReturnedValues(call, returnedOptions).time(result, start);
    else call.succeeded(start, result);
    return result;
  };
  if (kind === 'plain') return otherwise;
  // One for all calls: it has placed steps on the generators of the method.
  const generators = new ReturnedGenerators(calls, { kind, otherwise: new ReturnedValues(calls, returnedOptions) });
  return (result, returned) => {
    if (!types.isGeneratorObject(result)) return otherwise(result, returned);
    generators.watch(result, returned.start, returned.call);
    return result;
  };
}
