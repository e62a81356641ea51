/** Puts wrappers over the methods of instances, in place. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import { ComponentCalls, type MeasuredComponent } from './component-calls.js';
import { inheritedMethods, type Method, ownMethods } from './members.js';
import type { AnyFunction } from './method-kind.js';
import { wrapMethod } from './wrapper.js';

/** The wrappers for what a class gives its instances, made once. */
type Plan = ReadonlyMap<string, AnyFunction>;

/**
 * Measures the calls of one application's components.
 *
 * Instances are instrumented, not classes: nothing that another application shares is changed, `#private` members and `instanceof` work,
 * and `super.method()` reaches the original, so that it is not counted twice.
 */
export class CallInstrumenter {
  readonly components = new Map<string, ComponentCalls>();
  readonly #plans = new WeakMap<object, Map<string, Plan>>();
  readonly #seen = new WeakSet<object>();

  constructor(private readonly registry: MetricsRegistry) {}

  /**
   * Measures an object's methods from now on. An object is instrumented once, whatever it is called the second time.
   * @returns false where the object can't be extended (frozen, sealed), and is left as it is
   */
  instrument(instance: object, measured: MeasuredComponent): boolean {
    if (this.#seen.has(instance)) return true;
    if (!Object.isExtensible(instance)) return false;
    this.#seen.add(instance);
    const calls = this.#callsOf(measured);
    const own = ownMethods(instance).filter(({ name }) => measured.includes(name));
    const plan = this.#planFor(instance, measured, calls);
    for (const [name, wrapper] of plan) {
      if (!Object.hasOwn(instance, name)) place(instance, name, wrapper);
    }
    for (const method of own) replace(instance, method, calls);
    return true;
  }

  #callsOf({ component, type }: MeasuredComponent): ComponentCalls {
    let calls = this.components.get(component);
    if (calls === undefined) {
      calls = new ComponentCalls(component, type, this.registry);
      this.components.set(component, calls);
    }
    return calls;
  }

  #planFor(instance: object, measured: MeasuredComponent, calls: ComponentCalls): Plan {
    const prototype: object | null = Object.getPrototypeOf(instance);
    if (prototype === null) return new Map();
    const plans = this.#plans.get(prototype) ?? new Map<string, Plan>();
    this.#plans.set(prototype, plans);
    const known = plans.get(measured.component);
    if (known !== undefined) return known;
    const methods = inheritedMethods(prototype).filter(({ name }) => measured.includes(name));
    const plan = new Map(methods.map(({ name, original }) => [name, wrapMethod(original, calls.seriesOf(name))]));
    plans.set(measured.component, plan);
    return plan;
  }
}

/** Over an inherited method: an own property, hidden from enumeration as the method is, and free to be replaced. */
function place(instance: object, name: string, wrapper: AnyFunction): void {
  Object.defineProperty(instance, name, { value: wrapper, writable: true, configurable: true, enumerable: false });
}

/** In place of an own property that holds a function, with the same attributes. */
function replace(instance: object, { name, original }: Method, calls: ComponentCalls): void {
  const descriptor = Object.getOwnPropertyDescriptor(instance, name);
  if (descriptor === undefined || !(descriptor.configurable || descriptor.writable)) return;
  Object.defineProperty(instance, name, { ...descriptor, value: wrapMethod(original, calls.seriesOf(name)) });
}
