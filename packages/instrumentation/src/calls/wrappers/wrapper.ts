/** Which wrapper stands in for a method: it is chosen once, when an instance is wired. */
import { types } from 'node:util';
import type { Unhandled } from '../../metadata/unhandled.js';
import { carriesProperties, copyIdentity } from '../functions/identity.js';
import { type AnyFunction, isConstructible, kindOf, type MethodKind, rememberKind } from '../functions/method-kind.js';
import { standInFor } from '../functions/stand-in.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { ReturnedGenerators } from '../results/generators/returned-generators.js';
import { ReturnedValues } from '../results/returned-values.js';
import { asyncFunctionVariant, asyncVariant } from './async-variants.js';
import { type ForCall, seenAsyncFunctionVariant, seenVariant } from './seen-variants.js';
import { constructibleVariant, syncVariant } from './sync-variants.js';

/** What becomes of the calls of a method. */
export interface Recorded {
  readonly calls: CallRecorder;
  readonly unhandled: Unhandled;
  /** Told that the method returned a proxy. */
  readonly proxyReturned: () => void;
}

/** Wraps a method that is inherited from a prototype. */
export function wrapInherited(original: AnyFunction, recorded: Recorded): AnyFunction {
  const kind = kindOf(original);
  const variant = variantFor(original, recorded, kind);
  const isState = types.isProxy(original) || carriesState(original, kind);
  return rememberKind(isState ? standInFor(original, variant) : copyIdentity(original, variant), kind);
}

/** Wraps a function that is an own property: it can be seen when the instance is printed, so its kind is kept to the letter. */
export function wrapOwn(original: AnyFunction, recorded: Recorded): AnyFunction {
  const kind = kindOf(original);
  if (kind === 'plain' || types.isProxy(original) || carriesProperties(original)) return wrapInherited(original, recorded);
  if (kind === 'async') {
    const { calls } = recorded;
    const variant = seesCalls(calls) ? seenAsyncFunctionVariant(original, calls.forCall) : asyncFunctionVariant(original, calls);
    return rememberKind(copyIdentity(original, variant), kind);
  }
  return rememberKind(standInFor(original, variantFor(original, recorded, kind)), kind);
}

/** Whether what is set on one would have to be on the other: of a frozen function a copy does, but for a generator's, which would print as another kind. */
function carriesState(original: AnyFunction, kind: MethodKind): boolean {
  return carriesProperties(original) && !(kind === 'plain' && Object.isFrozen(original));
}

function variantFor(original: AnyFunction, recorded: Recorded, kind: MethodKind): AnyFunction {
  const variant = callVariantFor(original, recorded, kind);
  // A proxy stands in for both itself: it is called through `apply` alone.
  const isCalledOnly = types.isProxy(original) || !isConstructible(original, kind);
  return isCalledOnly ? variant : constructibleVariant(original, variant);
}

/** What stands in for a method where that is called. */
function callVariantFor(original: AnyFunction, recorded: Recorded, kind: MethodKind): AnyFunction {
  const { calls } = recorded;
  if (seesCalls(calls)) return seenVariant(original, { ...recorded, calls, kind });
  if (kind === 'async') return asyncVariant(original, calls);
  const returned = new ReturnedValues(calls, recorded);
  return syncVariant(original, calls, kind === 'plain' ? returned : new ReturnedGenerators(calls, { kind, otherwise: returned }));
}

function seesCalls(calls: CallRecorder): calls is CallRecorder & { readonly forCall: ForCall } {
  return calls.forCall !== undefined;
}
