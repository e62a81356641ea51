/** Puts wrappers over the methods of instances, in place. */
import { types } from 'node:util';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { CallRecorder, FindObservers } from './call-recorder.js';
import { type CallMetrics, ComponentCalls, callMetricsOf, type MeasuredComponent } from './component-calls.js';
import { inheritedMethods, type Method, ownMethods } from './members.js';
import type { AnyFunction } from './method-kind.js';
import { ObservedCalls } from './observed-calls.js';
import { wrapInherited, wrapOwn } from './wrapper.js';

/** A method of a prototype as it was when it was looked at. */
interface Known {
  readonly original: AnyFunction;
  /** Undefined where the method is not measured. */
  readonly wrapper: AnyFunction | undefined;
}

/**
 * Measures the calls of one application's components.
 *
 * Instances are instrumented, not classes: nothing that another application shares is changed, `#private` members and `instanceof` work,
 * and `super.method()` reaches the original, so that it is not counted twice.
 */
export class CallInstrumenter {
  readonly components = new Map<string, ComponentCalls>();
  readonly #known = new WeakMap<object, Map<string, Map<string, Known>>>();
  readonly #seen = new WeakSet<object>();
  #metrics: CallMetrics | undefined;

  readonly #observersOf: FindObservers;

  constructor(
    private readonly registry: MetricsRegistry,
    observersOf: FindObservers,
  ) {
    this.#observersOf = observersOf;
  }

  /**
   * Measures an object's methods from now on. An object is instrumented once, whatever it is called the second time.
   * @returns false where the object can't be extended (frozen, sealed) or would notice (a proxy), and is left as it is
   */
  instrument(instance: object, measured: MeasuredComponent): boolean {
    if (this.#seen.has(instance)) return true;
    if (types.isProxy(instance) || !Object.isExtensible(instance)) return false;
    this.#seen.add(instance);
    const prototype: object | null = Object.getPrototypeOf(instance);
    const own = ownMethods(instance);
    if (prototype !== null) this.#placeInherited(instance, prototype, measured);
    for (const method of own) {
      const recorder = this.#recorderOf(method.name, prototype, measured);
      if (recorder !== undefined) replace(instance, method, recorder);
    }
    return true;
  }

  /** What the calls of a method are told to: its series, its observers, or both; undefined where there is neither. */
  #recorderOf(method: string, prototype: object | null, measured: MeasuredComponent): CallRecorder | undefined {
    const series = measured.includes(method) ? this.#callsOf(measured).seriesOf(method) : undefined;
    const { component, countsForClass } = measured;
    const observers = prototype === null ? [] : this.#observersOf({ prototype, component, method, countsForClass });
    return observers.length === 0 ? series : new ObservedCalls({ clock: this.registry.clock, series, observers });
  }

  #callsOf({ component, type }: MeasuredComponent): ComponentCalls {
    let calls = this.components.get(component);
    if (calls === undefined) {
      this.#metrics ??= callMetricsOf(this.registry);
      calls = new ComponentCalls(component, type, this.#metrics);
      this.components.set(component, calls);
    }
    return calls;
  }

  #placeInherited(instance: object, prototype: object, measured: MeasuredComponent): void {
    const known = this.#knownOf(prototype, measured);
    // Looked at anew for each instance: a prototype may have been patched since the last one, by a test's spy for instance.
    for (const method of inheritedMethods(prototype)) {
      const { name, original } = method;
      let entry = known.get(name);
      if (entry?.original !== original) {
        const recorder = this.#recorderOf(name, prototype, measured);
        entry = { original, wrapper: recorder === undefined ? undefined : wrapInherited(original, recorder) };
        known.set(name, entry);
      }
      if (entry.wrapper !== undefined && !Object.hasOwn(instance, name)) place(instance, method, entry.wrapper);
    }
  }

  /** What is known of a prototype's methods, so that their wrappers are made once. */
  #knownOf(prototype: object, { component, type }: MeasuredComponent): Map<string, Known> {
    const byComponent = this.#known.get(prototype) ?? new Map<string, Map<string, Known>>();
    this.#known.set(prototype, byComponent);
    const key = `${type} ${component}`;
    const known = byComponent.get(key) ?? new Map<string, Known>();
    byComponent.set(key, known);
    return known;
  }
}

/** Over an inherited method: an own property, hidden from enumeration as a class's methods are, and as free to be replaced as the method. */
function place(instance: object, { name, descriptor }: Method, wrapper: AnyFunction): void {
  Object.defineProperty(instance, name, { value: wrapper, writable: descriptor.writable === true, configurable: true, enumerable: false });
}

/** In place of an own property that holds a function, with the same attributes. */
function replace(instance: object, { name, original, descriptor }: Method, recorder: CallRecorder): void {
  if (!(descriptor.configurable || descriptor.writable)) return;
  Object.defineProperty(instance, name, { ...descriptor, value: wrapOwn(original, recorder) });
}
