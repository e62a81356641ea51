/** Which wrapper stands in for a method: it is chosen once, when an instance is wired. */
import { types } from 'node:util';
import { asyncFunctionVariant, asyncVariant } from './async-variants.js';
import type { CallRecorder } from './call-recorder.js';
import { generatorVariant } from './generator-variant.js';
import { carriesProperties, copyIdentity } from './identity.js';
import { type AnyFunction, isConstructible, kindOf, type MethodKind, rememberKind } from './method-kind.js';
import { constructibleVariant, plainVariant } from './plain-variants.js';
import { standInFor } from './stand-in.js';

/** Wraps a method that is inherited from a prototype. */
export function wrapInherited(original: AnyFunction, calls: CallRecorder): AnyFunction {
  const kind = kindOf(original);
  const variant = variantFor(original, calls, kind);
  const isState = types.isProxy(original) || carriesState(original, kind);
  return rememberKind(isState ? standInFor(original, variant) : copyIdentity(original, variant), kind);
}

/** Wraps a function that is an own property: it can be seen when the instance is printed, so its kind is kept to the letter. */
export function wrapOwn(original: AnyFunction, calls: CallRecorder): AnyFunction {
  const kind = kindOf(original);
  if (kind === 'plain' || types.isProxy(original) || carriesProperties(original)) return wrapInherited(original, calls);
  if (kind === 'async') return rememberKind(copyIdentity(original, asyncFunctionVariant(original, calls)), kind);
  return rememberKind(standInFor(original, generatorVariant(original, calls, kind)), kind);
}

/** Whether what is set on one would have to be on the other: of a frozen function a copy does, but for a generator's, which would print as another kind. */
function carriesState(original: AnyFunction, kind: MethodKind): boolean {
  return carriesProperties(original) && !(kind === 'plain' && Object.isFrozen(original));
}

function variantFor(original: AnyFunction, calls: CallRecorder, kind: MethodKind): AnyFunction {
  if (kind === 'async') return asyncVariant(original, calls);
  if (kind !== 'plain') return generatorVariant(original, calls, kind);
  // A proxy stands in for both itself: it is called through `apply` alone.
  const isCalledOnly = types.isProxy(original) || !isConstructible(original, kind);
  return isCalledOnly ? plainVariant(original, calls) : constructibleVariant(original, calls);
}
