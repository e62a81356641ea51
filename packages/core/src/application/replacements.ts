/** What stands in for components in a test, and what of the application is then needless. */
import { type Blueprint, replacementBlueprint, withCurrentTokens } from '../components/blueprint.js';
import { sameClassAmong } from '../components/declared-components.js';
import type { ConcreteClass, Token } from '../components/definition.js';
import { tokensNeededBy } from '../components/graph.js';
import { replacedByItself, replaceMalformed, replacementNotCallable, replaceUnknown } from './errors.js';

/** What others see of a `T`: a fake needs no private members. */
type Shape<T> = unknown extends T ? unknown : { readonly [K in keyof T]: T[K] };

/** What may stand in for a `T`: a class that the container constructs, a function that makes it, or the thing itself. */
export type Replacement<T> = ConcreteClass<Shape<T>> | (() => Shape<T> | Promise<Shape<T>>) | Shape<T>;

/** Pairs of a token and what stands in for it; each has to have the members of what it replaces. */
export type Replacements<T extends readonly unknown[] = readonly unknown[]> = readonly [
  ...{ readonly [K in keyof T]: readonly [token: Token<T[K]>, replacement: Replacement<NoInfer<T[K]>>] },
];

/** An application whose replaced components are gone. */
export interface ReplacedParts {
  readonly blueprints: readonly Blueprint[];
  /** Makes the replacements that are no classes, and puts them among what is provided. @throws TSK_ERR_APPLICATION_REPLACE_UNKNOWN, TSK_ERR_APPLICATION_REPLACE_NOT_CALLABLE */
  provideInto(provided: Map<Token, unknown>): Promise<void>;
}

/**
 * Puts replacements in the place of components, and leaves out what only the replaced ones needed.
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
        // A value is never awaited: a query builder has a `then`, and a mock may have one that never answers.
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

// Of a bound function or a Proxy nothing tells whether it is one of a class, but what it says when it is called.
function isDisguisedClass(replacement: object, error: unknown): boolean {
  const isDisguised = /\[native code\]\s*\}$/.test(Function.prototype.toString.call(replacement));
  return isDisguised && error instanceof TypeError && /^Class constructor /.test(error.message);
}

function withoutItself(blueprint: Blueprint): Blueprint {
  const { token, type, dependencies } = blueprint.definition;
  if (type !== undefined && dependencies.some((dependency) => dependency.token === token)) throw replacedByItself(token, type);
  return blueprint;
}

// Needless is what somebody needed, and nobody who is left needs; controllers are there for clients.
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
