/** Times generators from the call until they return, throw or are closed early. The caller gets the generator itself. */
import { types } from 'node:util';
import { hiddenMark } from '../../../hidden-mark.js';
import type { MethodKind } from '../../functions/method-kind.js';
import type { CallRecorder } from '../../recording/call-recorder.js';
import { listen } from '../promises/intrinsic-then.js';
import {
  type GeneratorKind,
  intrinsicSteps,
  isDone,
  ownSteps,
  placeSteps,
  type Step,
  type Steps,
  stepsCalling,
} from './generator-steps.js';
import { countWhenLetGo, UnfinishedCall } from './unfinished.js';

const { apply } = Reflect;

/** One generator that has not ended. */
interface Run {
  readonly call: UnfinishedCall;
  /** The generator's own steps from before, because another registry may watch it too. */
  readonly before: Partial<Steps>;
  running: boolean;
}

interface ReturnedGeneratorsOptions {
  readonly kind: MethodKind;
  /** Times other values, of functions that only inherit from generator functions. */
  readonly otherwise: { time(value: object, start: number): void };
}

/** Times the generators of one method. Our steps call the generator's own and only look at the results. */
export class ReturnedGenerators {
  readonly #calls: CallRecorder;
  readonly #kind: GeneratorKind;
  readonly #otherwise: ReturnedGeneratorsOptions['otherwise'];
  readonly #steps: Steps;
  readonly #runs = hiddenMark<Run>();

  constructor(calls: CallRecorder, { kind, otherwise }: ReturnedGeneratorsOptions) {
    this.#calls = calls;
    this.#kind = kind === 'async-generator' ? 'async' : 'sync';
    this.#otherwise = otherwise;
    this.#steps = stepsCalling((self, step, value) => this.#take(self, step, value));
  }

  /** Records a call that began at `start` and returned an object. */
  time(value: object, start: number): void {
    if (types.isGeneratorObject(value)) this.watch(value, start, this.#calls);
    else this.#otherwise.time(value, start);
  }

  /** Records a call that returned a generator. */
  watch(generator: object, start: number, calls: CallRecorder): void {
    const call = new UnfinishedCall(calls, start);
    if (this.#runs.put(generator, { call, before: ownSteps(generator), running: false })) {
      placeSteps(generator, this.#steps);
      countWhenLetGo(generator, call);
    } else call.letGo();
  }

  #take(self: unknown, step: Step, value: unknown): unknown {
    const run = typeof self === 'object' && self !== null ? this.#runs.of(self) : undefined;
    // Our step was called on another object, where it must behave like the language's own.
    if (run === undefined) return apply(intrinsicSteps(this.#kind)[step], self, [value]);
    const original = run.before[step] ?? Reflect.get(Object.getPrototypeOf(self), step, self);
    const proceed = () => apply(original, self, [value]);
    const { enter } = run.call;
    const take = enter === undefined ? proceed : () => enter(proceed);
    if (this.#kind === 'async') return watchAsync(run, take);
    return run.call.wantsThrown ? watchSyncNoticing(run, take) : watchSync(run, take);
  }
}

function watchSync(run: Run, take: () => unknown): unknown {
  // A generator that calls its own step while it runs gets a TypeError, and may continue.
  if (run.running) return take();
  run.running = true;
  let threw = true;
  try {
    const result = take();
    threw = false;
    if (isDone(result)) run.call.succeeded(undefined);
    return result;
  } finally {
    run.running = false;
    if (threw) run.call.failedUnseen();
  }
}

/** Like the above, if an observer needs the generator's result and error. */
function watchSyncNoticing(run: Run, take: () => unknown): unknown {
  if (run.running) return take();
  run.running = true;
  try {
    const result = take();
    if (isDone(result)) run.call.succeeded(returnedValue(result));
    return result;
  } catch (error) {
    run.call.failed(error);
    throw error;
  } finally {
    run.running = false;
  }
}

/** What a generator returned, of its last result. */
function returnedValue(result: unknown): unknown {
  return (result as IteratorReturnResult<unknown>).value;
}

function watchAsync({ call }: Run, take: () => unknown): unknown {
  const result = take();
  if (!types.isPromise(result)) return result;
  return listen(
    result,
    (settled) => {
      if (isDone(settled)) call.succeeded(returnedValue(settled));
      return settled;
    },
    (reason) => {
      call.failed(reason);
      throw reason;
    },
  );
}
