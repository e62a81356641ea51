/** The three methods `next`, `return` and `throw` of a generator: finds, replaces and reads them. */
import { types } from 'node:util';
import type { AnyFunction } from '../../functions/method-kind.js';

const STEPS = ['next', 'return', 'throw'] as const;

export type GeneratorKind = 'sync' | 'async';
export type Step = (typeof STEPS)[number];
export type Steps = Readonly<Record<Step, AnyFunction>>;

const GeneratorPrototype: Steps = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})()));
const AsyncGeneratorPrototype: Steps = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()));

/** Returns the language's own steps. */
export function intrinsicSteps(kind: GeneratorKind): Steps {
  return kind === 'sync' ? GeneratorPrototype : AsyncGeneratorPrototype;
}

/** Creates steps with the names and lengths of the language's own. */
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

/** Returns the steps that are own properties of an object. */
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
 * Whether a step's result is the last one. The language creates a generator's last result, with an own `done`. A result that `yield*` passes on
 * may have a getter, which must not be read, and is never the last.
 */
export function isDone(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || types.isProxy(result)) return false;
  return Object.getOwnPropertyDescriptor(result, 'done')?.value === true;
}
