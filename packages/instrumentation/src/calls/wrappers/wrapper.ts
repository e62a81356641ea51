/** Chooses the wrapper of a method, once, when an instance is wired. */
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
import { type Tracing, tracedAsyncFunctionVariant, tracedVariant } from './traced-variants.js';

/** How the calls of a method are recorded. */
export interface Recorded {
  readonly calls: CallRecorder;
  readonly unhandled: Unhandled;
  /** Called when the method has returned a proxy. */
  readonly proxyReturned: () => void;
  /** Makes spans of calls; undefined if the method has none. */
  readonly tracing: Tracing | undefined;
}

/** Wraps a method that is inherited from a prototype. */
export function wrapInherited(original: AnyFunction, recorded: Recorded): AnyFunction {
  const kind = kindOf(original);
  const variant = variantFor(original, recorded, kind);
  const isState = types.isProxy(original) || carriesState(original, kind);
  return rememberKind(isState ? standInFor(original, variant) : copyIdentity(original, variant), kind);
}

/** Wraps a function in an own property. It is visible when the instance is printed, so the wrapper keeps its exact kind. */
export function wrapOwn(original: AnyFunction, recorded: Recorded): AnyFunction {
  const kind = kindOf(original);
  if (kind === 'plain' || types.isProxy(original) || carriesProperties(original)) return wrapInherited(original, recorded);
  if (kind === 'async') {
    return rememberKind(copyIdentity(original, asyncFunctionFor(original, recorded)), kind);
  }
  return rememberKind(standInFor(original, variantFor(original, recorded, kind)), kind);
}

/** Whether properties must be shared with the original. A copy is enough for a frozen function, except for a generator function, which would print differently. */
function carriesState(original: AnyFunction, kind: MethodKind): boolean {
  return carriesProperties(original) && !(kind === 'plain' && Object.isFrozen(original));
}

function variantFor(original: AnyFunction, recorded: Recorded, kind: MethodKind): AnyFunction {
  const variant = callVariantFor(original, recorded, kind);
  // A proxy handles both itself, and is called by `apply` only.
  const isCalledOnly = types.isProxy(original) || !isConstructible(original, kind);
  return isCalledOnly ? variant : constructibleVariant(original, variant);
}

function asyncFunctionFor(original: AnyFunction, { calls, tracing }: Recorded): AnyFunction {
  if (tracing !== undefined) return tracedAsyncFunctionVariant(original, calls, tracing);
  return seesCalls(calls) ? seenAsyncFunctionVariant(original, calls.forCall) : asyncFunctionVariant(original, calls);
}

/** What stands in for a method where that is called. */
function callVariantFor(original: AnyFunction, recorded: Recorded, kind: MethodKind): AnyFunction {
  const { tracing } = recorded;
  const plain = untracedVariantFor(original, recorded, kind);
  return tracing === undefined ? plain : tracedVariant(original, { ...recorded, tracing, plain, kind });
}

function untracedVariantFor(original: AnyFunction, recorded: Recorded, kind: MethodKind): AnyFunction {
  const { calls } = recorded;
  if (seesCalls(calls)) return seenVariant(original, { ...recorded, calls, kind });
  if (kind === 'async') return asyncVariant(original, calls);
  const returned = new ReturnedValues(calls, recorded);
  return syncVariant(original, calls, kind === 'plain' ? returned : new ReturnedGenerators(calls, { kind, otherwise: returned }));
}

function seesCalls(calls: CallRecorder): calls is CallRecorder & { readonly forCall: ForCall } {
  return calls.forCall !== undefined;
}
