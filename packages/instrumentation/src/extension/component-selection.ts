/** Selects the components of an application that are measured, and their methods. */
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

// The kinds that an instrumented application measures by default. Others are measured if they have `@Instrumented()`.
const MEASURED_KINDS: ReadonlySet<string> = new Set(['service', 'repository', 'controller']);

interface Selection {
  /** Whether `@Instrumented()` is on the application class. */
  readonly wholeApplication: boolean;
  /** The `unhandled` option of the application class. */
  readonly unhandled: Unhandled | undefined;
  readonly seesThrown: boolean;
  readonly excluded: ExcludedMethods;
  /** Whether a method of a configuration class is a `@Provider`, whose decorator applies to the component that it creates. */
  readonly isProvider: (configuration: Class | undefined, method: string) => boolean;
}

/** Returns how an instance is measured; undefined if it is not. The nearest `@Instrumented` applies: method, then component, then application. */
export function selectComponent(
  definition: ComponentDefinition,
  { wholeApplication, unhandled, seesThrown, excluded, isProvider }: Selection,
): MeasuredComponent | undefined {
  const { name: component, kind, type, provider } = definition;
  const prototype = prototypeOf(type);
  const optedIn = providerChoice(provider) ?? isClassInstrumented(type) ?? (wholeApplication && MEASURED_KINDS.has(kind));
  // The decorator of the application class applies to the application. Its own methods are selected one by one.
  const byDefault = kind === 'application' ? false : optedIn;
  if (!byDefault && !hasDecoratedMethod(prototype)) return undefined;
  // A decorator on a `@Provider` method applies to the component that it creates.
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
    seesThrown,
    includes: (method) => isTaken(method, byDefault),
    names: (method) => prototype !== undefined && isAskedFor(prototype, method),
    observersOf: () => [],
    // The objective of a class does not depend on `@Instrumented`, except for methods that are left out one by one.
    countsForClass: (method) => isTaken(method, true),
    unhandledOf: (method) => unhandledOfMethod(own(method), method) ?? otherwiseUnhandled,
  };
}

/** Whether a class has one of our decorators, and is therefore the application's own. */
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
