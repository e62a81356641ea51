/** Which components of an application are measured, and which of their methods. */
import type { Class, ComponentDefinition } from '@tsukimi/core';
import { isAskedFor } from './asked-for.js';
import type { MeasuredComponent } from './calls/component-calls.js';
import type { ExcludedMethods } from './excluded-methods.js';
import { hasInstrumentedMethod, isClassInstrumented, isMethodInstrumented } from './instrumented-metadata.js';
import { hasMethodMetrics } from './method-metrics/metadata.js';
import { hasSlo } from './slo/metadata.js';

// What an instrumented application measures by itself; every other kind is measured where it is opted in.
const MEASURED_KINDS: ReadonlySet<string> = new Set(['service', 'repository', 'controller']);

interface Selection {
  /** Whether `@Instrumented()` is on the application class. */
  readonly wholeApplication: boolean;
  readonly excluded: ExcludedMethods;
  /** Whether a method of a configuration class is a `@Provider`: its decorator speaks of what it makes. */
  readonly isProvider: (configuration: Class | undefined, method: string) => boolean;
}

/** How an instance is measured; undefined where it is not. The nearest opt-in or opt-out wins: method, then component, then application. */
export function selectComponent(
  definition: ComponentDefinition,
  { wholeApplication, excluded, isProvider }: Selection,
): MeasuredComponent | undefined {
  const { name: component, kind, type, provider } = definition;
  const prototype = prototypeOf(type);
  const optedIn = providerChoice(provider) ?? isClassInstrumented(type) ?? (wholeApplication && MEASURED_KINDS.has(kind));
  // The application class's own decorator speaks of the application; its methods take part one by one.
  const byDefault = kind === 'application' ? false : optedIn;
  if (!byDefault && !hasInstrumentedMethod(prototype) && !hasMethodMetrics(prototype) && !hasSlo(prototype)) return undefined;
  const chosen = (method: string) =>
    kind === 'configuration' && isProvider(type, method) ? undefined : isMethodInstrumented(prototype, method);
  const isTaken = (method: string, otherwise: boolean): boolean => (chosen(method) ?? otherwise) && !excluded.has(component, method);
  return {
    component,
    type: kind,
    selection: '',
    includes: (method) => isTaken(method, byDefault),
    names: (method) => prototype !== undefined && isAskedFor(prototype, method),
    // What a class asks for over its methods does not depend on `@Instrumented`, but on methods that were taken out one by one.
    countsForClass: (method) => isTaken(method, true),
  };
}

function providerChoice(provider: ComponentDefinition['provider']): boolean | undefined {
  return provider === undefined ? undefined : isMethodInstrumented(prototypeOf(provider.configuration), provider.method);
}

function prototypeOf(type: Class | undefined): object | undefined {
  return type === undefined ? undefined : (type.prototype as object);
}
