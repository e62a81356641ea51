/** Which components of an application are measured, and which of their methods. */
import type { Class, ComponentDefinition } from '@tsukimi/core';
import type { MeasuredComponent } from '../calls/measured-component.js';
import { isAskedFor } from '../metadata/asked-for.js';
import {
  hasInstrumentedMethod,
  isClassInstrumented,
  isMethodInstrumented,
  unhandledOfClass,
  unhandledOfMethod,
} from '../metadata/instrumented.js';
import { hasMethodMetrics } from '../metadata/method-metrics.js';
import { hasSlo } from '../metadata/slo.js';
import type { Unhandled } from '../metadata/unhandled.js';
import type { ExcludedMethods } from './excluded-methods.js';

// What an instrumented application measures by itself; every other kind is measured where it is opted in.
const MEASURED_KINDS: ReadonlySet<string> = new Set(['service', 'repository', 'controller']);

interface Selection {
  /** Whether `@Instrumented()` is on the application class. */
  readonly wholeApplication: boolean;
  /** What the application class says of rejections that nobody handles. */
  readonly unhandled: Unhandled | undefined;
  readonly excluded: ExcludedMethods;
  /** Whether a method of a configuration class is a `@Provider`: its decorator speaks of what it makes. */
  readonly isProvider: (configuration: Class | undefined, method: string) => boolean;
}

/** How an instance is measured; undefined if it is not. The nearest opt-in or opt-out wins: method, then component, then application. */
export function selectComponent(
  definition: ComponentDefinition,
  { wholeApplication, unhandled, excluded, isProvider }: Selection,
): MeasuredComponent | undefined {
  const { name: component, kind, type, provider } = definition;
  const prototype = prototypeOf(type);
  const optedIn = providerChoice(provider) ?? isClassInstrumented(type) ?? (wholeApplication && MEASURED_KINDS.has(kind));
  // The application class's own decorator speaks of the application; its methods take part one by one.
  const byDefault = kind === 'application' ? false : optedIn;
  if (!byDefault && !hasDecoratedMethod(prototype)) return undefined;
  // What is on a `@Provider` method speaks of what it makes.
  const own = (method: string) => (kind === 'configuration' && isProvider(type, method) ? undefined : prototype);
  const chosen = (method: string) => isMethodInstrumented(own(method), method);
  const otherwiseUnhandled =
    unhandledOfClass(type) ??
    (provider === undefined ? undefined : unhandledOfMethod(prototypeOf(provider.configuration), provider.method)) ??
    unhandled ??
    (provider === undefined || isDecorated(type) ? 'keep' : 'contain');
  const isTaken = (method: string, otherwise: boolean): boolean => (chosen(method) ?? otherwise) && !excluded.has(component, method);
  return {
    component,
    kind,
    selection: otherwiseUnhandled,
    includes: (method) => isTaken(method, byDefault),
    names: (method) => prototype !== undefined && isAskedFor(prototype, method),
    // What a class asks for over its methods does not depend on `@Instrumented`, but on methods that were taken out one by one.
    countsForClass: (method) => isTaken(method, true),
    unhandledOf: (method) => unhandledOfMethod(own(method), method) ?? otherwiseUnhandled,
  };
}

/** Whether a class is the application's own, as a decorator of ours on it tells. */
function isDecorated(type: Class | undefined): boolean {
  return isClassInstrumented(type) !== undefined || hasDecoratedMethod(prototypeOf(type));
}

function hasDecoratedMethod(prototype: object | undefined): boolean {
  return hasInstrumentedMethod(prototype) || hasMethodMetrics(prototype) || hasSlo(prototype);
}

function providerChoice(provider: ComponentDefinition['provider']): boolean | undefined {
  return provider === undefined ? undefined : isMethodInstrumented(prototypeOf(provider.configuration), provider.method);
}

function prototypeOf(type: Class | undefined): object | undefined {
  return type === undefined ? undefined : (type.prototype as object);
}
