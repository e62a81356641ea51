/** The function that stands in for generator methods, sync and async. */
import { types } from 'node:util';
import { nanoseconds } from '../../nanoseconds.js';
import type { AnyFunction, MethodKind } from '../functions/method-kind.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { GeneratorWatch } from '../results/generators/returned-generators.js';
import { mayBeLater, type ReturnedValues } from '../results/returned-values.js';

const { apply } = Reflect;

interface GeneratorVariantOptions {
  readonly calls: CallRecorder;
  readonly returned: ReturnedValues;
  readonly kind: MethodKind;
}

export function generatorVariant(original: AnyFunction, { calls, returned, kind }: GeneratorVariantOptions): AnyFunction {
  const { begins } = calls;
  const called = calls.noting(original);
  const watch = new GeneratorWatch(calls, kind === 'async-generator' ? 'async' : 'sync');
  return {
    method(this: unknown): unknown {
      const start = nanoseconds(begins());
      let threw = true;
      let result: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: rest parameters would cost an array for each call.
        result = apply(called, this, arguments);
        threw = false;
      } finally {
        if (threw) calls.failed(start);
      }
      if (types.isGeneratorObject(result)) return watch.begin(result, start);
      // A function that only inherits from the generator functions, and makes something else.
      if (mayBeLater(result)) returned.time(result, start);
      else calls.succeeded(start);
      return result;
    },
  }.method;
}
