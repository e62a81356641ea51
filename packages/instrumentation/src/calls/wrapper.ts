/** The function that stands in for a method: it reads the clock, calls the original, and records how it ended. */
import type { CallSeries } from './call-series.js';
import { copyIdentity } from './identity.js';
import { type AnyFunction, isConstructible, kindOf } from './method-kind.js';
import { timeAsyncGenerator, timeGenerator } from './returned-generators.js';
import { timePromise } from './returned-promises.js';
import { mayBeLater, timeLater } from './returned-values.js';

/**
 * Wraps a method for one set of series. The variant is chosen here, so that a call has no branch for what its method never does.
 *
 * On the hot path of a synchronous call: two clock reads, one array of counts, no allocation.
 */
export function wrapMethod(original: AnyFunction, calls: CallSeries): AnyFunction {
  return copyIdentity(original, variantFor(original, calls));
}

function variantFor(original: AnyFunction, calls: CallSeries): AnyFunction {
  const kind = kindOf(original);
  switch (kind) {
    case 'async':
      return asyncVariant(original, calls);
    case 'generator':
      return generatorVariant(original, calls, timeGenerator);
    case 'async-generator':
      return generatorVariant(original, calls, timeAsyncGenerator);
    case 'plain':
      return isConstructible(original, kind) ? constructibleVariant(original, calls) : plainVariant(original, calls);
  }
}

// The wrappers are methods of an object literal: like the methods they stand for, they can't be called with `new`.
// They pass on `arguments`, which V8 never materializes, where rest parameters would cost an array for each call.
// They use `finally`, not `catch` and `throw`, so that an uncaught error is still shown at the line that threw it.

function plainVariant(original: AnyFunction, calls: CallSeries): AnyFunction {
  const { clock } = calls;
  return {
    method(this: unknown): unknown {
      const start = clock();
      let threw = true;
      let result: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: see above.
        result = Reflect.apply(original, this, arguments);
        threw = false;
      } finally {
        if (threw) calls.failed(start);
      }
      if (mayBeLater(result)) return timeLater(result, calls, start);
      calls.succeeded(start);
      return result;
    },
  }.method;
}

function asyncVariant(original: AnyFunction, calls: CallSeries): AnyFunction {
  const { clock } = calls;
  return {
    method(this: unknown): unknown {
      const start = clock();
      // An async function never throws and always makes a new native promise.
      // biome-ignore lint/complexity/noArguments: see above.
      return timePromise(Reflect.apply(original, this, arguments), calls, start);
    },
  }.method;
}

function generatorVariant(original: AnyFunction, calls: CallSeries, time: typeof timeGenerator): AnyFunction {
  const { clock } = calls;
  return {
    method(this: unknown): unknown {
      const start = clock();
      let threw = true;
      let generator: object;
      try {
        // biome-ignore lint/complexity/noArguments: see above.
        generator = Reflect.apply(original, this, arguments);
        threw = false;
      } finally {
        if (threw) calls.failed(start);
      }
      return time(generator, calls, start);
    },
  }.method;
}

/** For `function` expressions: called with `new` they construct, as they did, and nothing is counted. */
function constructibleVariant(original: AnyFunction, calls: CallSeries): AnyFunction {
  const call = plainVariant(original, calls);
  return function wrapper(this: unknown): unknown {
    if (new.target !== undefined) {
      // biome-ignore lint/complexity/noArguments: see above.
      return Reflect.construct(original, arguments, new.target === wrapper ? original : new.target);
    }
    // biome-ignore lint/complexity/noArguments: see above.
    return Reflect.apply(call, this, arguments);
  };
}
