/** Replaces components in a test, and leaves out what is then not needed any more. */
import { type Blueprint, replacementBlueprint, withCurrentTokens } from '../components/blueprint.js';
import { sameClassAmong } from '../components/declared-components.js';
import type { ConcreteClass, Token } from '../components/definition.js';
import { tokensNeededBy } from '../components/graph.js';
import { replacedByItself, replaceMalformed, replacementNotCallable, replaceUnknown } from './errors.js';

/** The public members of a `T`: a fake needs no private ones. */
type Shape<T> = unknown extends T ? unknown : { readonly [K in keyof T]: T[K] };

/** A replacement for a `T`: a class that the container constructs, a function that creates it, or the replacement itself. */
export type Replacement<T> = ConcreteClass<Shape<T>> | (() => Shape<T> | Promise<Shape<T>>) | Shape<T>;

/** Pairs of a token and its replacement. A replacement must have the public members of what it replaces. */
export type Replacements<T extends readonly unknown[] = readonly unknown[]> = readonly [
  ...{ readonly [K in keyof T]: readonly [token: Token<T[K]>, replacement: Replacement<NoInfer<T[K]>>] },
];

/** The parts of an application without its replaced components. */
export interface ReplacedParts {
  readonly blueprints: readonly Blueprint[];
  /** Creates the replacements that are not classes, and adds them to the provided values. @throws TSK_ERR_APPLICATION_REPLACE_UNKNOWN, TSK_ERR_APPLICATION_REPLACE_NOT_CALLABLE */
  provideInto(provided: Map<Token, unknown>): Promise<void>;
}

/**
 * Replaces components, and leaves out those that only the replaced ones needed.
 * @throws TSK_ERR_APPLICATION_REPLACE_MALFORMED, TSK_ERR_APPLICATION_REPLACE_ITSELF
 */
export function replaceComponents(blueprints: readonly Blueprint[], given: Replacements): ReplacedParts {
  if (!Array.isArray(given)) throw replaceMalformed(given);
  const sameClass = sameClassAmong(blueprints.map(({ definition }) => definition.token));
  const replacements = new Map<Token, unknown>();
  for (const [named, replacement] of given.map(checkedPair)) {
    const token = sameClass(named);
    if (isClass(replacement) && sameClass(replacement) === token) throw replacedByItself(token, token as ConcreteClass);
    replacements.set(token, replacement);
  }
  const classes = new Map<Token, ConcreteClass>();
  for (const [token, replacement] of replacements) if (isClass(replacement)) classes.set(token, replacement);
  const kept = blueprints.flatMap((blueprint) => {
    const { token } = blueprint.definition;
    const replacingClass = classes.get(token);
    if (replacingClass !== undefined) return withoutItself(replacementBlueprint(blueprint, replacingClass));
    return replacements.has(token) ? [] : blueprint;
  });
  return {
    blueprints: replacements.size === 0 ? blueprints : withoutNeedless(blueprints, withCurrentTokens(kept)),
    provideInto: async (provided) => {
      for (const [token, replacement] of replacements) {
        if (!provided.has(token) && !blueprints.some(({ definition }) => definition.token === token)) {
          throw replaceUnknown(token, [...blueprints.map(({ definition }) => definition.token), ...provided.keys()]);
        }
        const isComponent = kept.some(({ definition }) => definition.token === token);
        // A value is never awaited: a query builder has a `then`, and that of a mock may never settle.
        if (!isComponent) provided.set(token, isFunction(replacement) ? await made(token, replacement) : replacement);
      }
    },
  };
}

function checkedPair(pair: unknown): readonly [Token, unknown] {
  if (!Array.isArray(pair) || pair.length !== 2) throw replaceMalformed(pair);
  const [token, replacement]: readonly unknown[] = pair;
  const isToken = typeof token === 'function' || typeof token === 'string' || typeof token === 'symbol';
  if (!isToken || replacement === undefined) throw replaceMalformed(pair);
  return [token as Token, replacement];
}

function isFunction(replacement: unknown): replacement is (...parameters: never[]) => unknown {
  return typeof replacement === 'function';
}

function isClass(replacement: unknown): replacement is ConcreteClass {
  return typeof replacement === 'function' && /^class\b/.test(Function.prototype.toString.call(replacement));
}

async function made(token: Token, replacement: (...parameters: never[]) => unknown): Promise<unknown> {
  if (isClass(replacement)) return new replacement();
  let answer: unknown;
  try {
    answer = (replacement as () => unknown)();
  } catch (error) {
    throw isDisguisedClass(replacement, error) ? replacementNotCallable(token) : error;
  }
  return await answer;
}

// Only a call shows whether a bound function or a Proxy wraps a class: the error then says so.
function isDisguisedClass(replacement: object, error: unknown): boolean {
  const isDisguised = /\[native code\]\s*\}$/.test(Function.prototype.toString.call(replacement));
  return isDisguised && error instanceof TypeError && /^Class constructor /.test(error.message);
}

function withoutItself(blueprint: Blueprint): Blueprint {
  const { token, type, dependencies } = blueprint.definition;
  if (type !== undefined && dependencies.some((dependency) => dependency.token === token)) throw replacedByItself(token, type);
  return blueprint;
}

// Leave out components that replaced components needed and no remaining component needs. Controllers stay, because clients use them.
function withoutNeedless(all: readonly Blueprint[], kept: readonly Blueprint[]): readonly Blueprint[] {
  const wasNeeded = new Set(all.flatMap(tokensNeededBy));
  let left = kept;
  for (;;) {
    const needed = new Set(left.flatMap(tokensNeededBy));
    const next = left.filter(({ definition: { kind, token } }) => {
      return kind === 'application' || kind === 'controller' || !wasNeeded.has(token) || needed.has(token);
    });
    if (next.length === left.length) return left;
    left = next;
  }
}
