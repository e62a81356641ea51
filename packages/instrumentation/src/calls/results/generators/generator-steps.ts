/** The three steps of a generator: how they are found, put before its own, and read. */
import { types } from 'node:util';
import type { AnyFunction } from '../../functions/method-kind.js';

const STEPS = ['next', 'return', 'throw'] as const;

export type GeneratorKind = 'sync' | 'async';
export type Step = (typeof STEPS)[number];
export type Steps = Readonly<Record<Step, AnyFunction>>;

const GeneratorPrototype: Steps = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})()));
const AsyncGeneratorPrototype: Steps = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()));

/** The language's own steps. */
export function intrinsicSteps(kind: GeneratorKind): Steps {
  return kind === 'sync' ? GeneratorPrototype : AsyncGeneratorPrototype;
}

/** Steps with the names and lengths of the language's own. */
export function stepsCalling(take: (self: unknown, step: Step, value: unknown) => unknown): Steps {
  return {
    next(this: unknown, value: unknown) {
      return take(this, 'next', value);
    },
    return(this: unknown, value: unknown) {
      return take(this, 'return', value);
    },
    throw(this: unknown, value: unknown) {
      return take(this, 'throw', value);
    },
  };
}

/** The steps that an object has itself, not from its prototype. */
export function ownSteps(generator: object): Partial<Steps> {
  const own: Partial<Record<Step, AnyFunction>> = {};
  for (const step of STEPS) {
    const value: unknown = Object.getOwnPropertyDescriptor(generator, step)?.value;
    if (typeof value === 'function') own[step] = value;
  }
  return own;
}

export function placeSteps(generator: object, steps: Steps): void {
  for (const step of STEPS) {
    Object.defineProperty(generator, step, { value: steps[step], writable: true, configurable: true, enumerable: false });
  }
}

/**
 * Whether a step's result is the last. A generator's last result is always made by the language, with a `done` of its own;
 * one that `yield*` hands on from elsewhere may have a getter, which is not ours to read, and is never the last.
 */
export function isDone(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || types.isProxy(result)) return false;
  return Object.getOwnPropertyDescriptor(result, 'done')?.value === true;
}
