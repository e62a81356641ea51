/** Generators: timed from the call until they return, throw or are broken out of. The caller gets the generator itself. */
import type { CallSeries } from './call-series.js';
import type { AnyFunction } from './method-kind.js';
import { countWhenLetGo, UnfinishedCall } from './unfinished.js';

const STEPS = ['next', 'return', 'throw'] as const;

type Step = (typeof STEPS)[number];
type Steps = Readonly<Record<Step, AnyFunction>>;

const GeneratorPrototype: Steps = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})()));
const AsyncGeneratorPrototype: Steps = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()));

/** Records the end of a generator. Its own steps run; ours only look at what they give. */
export function timeGenerator(generator: object, calls: CallSeries, start: bigint): object {
  return watchSteps(
    generator,
    new UnfinishedCall(calls, start),
    (step, call) =>
      ({
        step(this: unknown, ...values: unknown[]): unknown {
          let threw = true;
          try {
            const result = Reflect.apply(GeneratorPrototype[step], this, values) as IteratorResult<unknown>;
            threw = false;
            if (this === generator && result.done === true) call.succeeded();
            return result;
          } finally {
            if (threw && this === generator) call.failed();
          }
        },
      }).step,
  );
}

/** Records the end of an async generator: when the promise of its last step settles. */
export function timeAsyncGenerator(generator: object, calls: CallSeries, start: bigint): object {
  return watchSteps(
    generator,
    new UnfinishedCall(calls, start),
    (step, call) =>
      ({
        step(this: unknown, ...values: unknown[]): unknown {
          const result: Promise<IteratorResult<unknown>> = Reflect.apply(AsyncGeneratorPrototype[step], this, values);
          if (this !== generator) return result;
          return result.then(
            (settled) => {
              if (settled.done === true) call.succeeded();
              return settled;
            },
            (reason: unknown) => {
              call.failed();
              throw reason;
            },
          );
        },
      }).step,
  );
}

function watchSteps(generator: object, call: UnfinishedCall, watched: (step: Step, call: UnfinishedCall) => AnyFunction): object {
  for (const step of STEPS) {
    const value = watched(step, call);
    Object.defineProperty(value, 'name', { value: step, configurable: true });
    Object.defineProperty(value, 'length', { value: 1, configurable: true });
    Object.defineProperty(generator, step, { value, writable: true, configurable: true, enumerable: false });
  }
  countWhenLetGo(generator, call);
  return generator;
}
