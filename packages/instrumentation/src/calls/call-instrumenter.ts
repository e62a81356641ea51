/** Wraps the methods of instances in place. */
import { types } from 'node:util';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { InstrumentationError } from '../errors.js';
import { returnedProxy } from './errors.js';
import {
  canonicalMethods,
  inheritedMembers,
  isMethod,
  isOwnMethod,
  isReplaceable,
  type Member,
  type Method,
  ownMembers,
} from './functions/members.js';
import type { AnyFunction } from './functions/method-kind.js';
import type { MeasuredComponent } from './measured-component.js';
import type { FindObservers } from './recording/call-recorder.js';
import type { CallTracer, KeepExemplar } from './recording/call-tracer.js';
import { CallMetrics, ComponentCalls } from './recording/component-calls.js';
import type { Tracing } from './wrappers/traced-variants.js';
import { originalOf, Wrappers } from './wrappers/wrappers.js';

/** An object with more methods than this is probably a client of a library, most of whose methods are never called. */
export const MANY_METHODS = 50;

/** The result of instrumenting an object. */
export interface Instrumentation {
  /** False if the object was left unchanged, because it is frozen, sealed or a proxy. */
  readonly isMeasured: boolean;
  /** The number of methods that were not selected, if no method is measured; undefined if at least one is. */
  readonly unchosen?: number;
  /** Warnings for the owner, once for each component. */
  readonly warnings: readonly string[];
}

/** A function of the user that is measured. */
export interface MeasuredFunction {
  readonly component: string;
  readonly method: string;
  readonly original: AnyFunction;
}

const DONE: Instrumentation = { isMeasured: true, warnings: [] };

/**
 * Measures the calls of one application's components.
 *
 * It instruments instances, not classes. So nothing is changed that another application shares, `#private` members and `instanceof` work,
 * and `super.method()` calls the original, so that it is not counted twice.
 */
export class CallInstrumenter {
  readonly components = new Map<string, ComponentCalls>();
  readonly #wrappers = new WeakMap<object, Map<string, Wrappers>>();
  /** All wrappers, without keeping their classes alive. */
  #listed: ListedWrappers[] = [];
  /** From this length on, entries of classes that are gone are removed. */
  #tidyAt = 64;
  readonly #seen = new WeakSet<object>();
  readonly #told = new Set<string>();
  #metrics: CallMetrics | undefined;
  /** Makes spans of the calls of methods that are wired from now on. */
  tracer: CallTracer | undefined;
  /** Emits warnings that are only found when a method is called. */
  warn: (warning: InstrumentationError) => void = ({ message, code }) =>
    process.emitWarning(message, { type: 'InstrumentationWarning', code });

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly observersOf: FindObservers,
  ) {}

  /** Starts measuring an object's methods. An object is instrumented only once, even with another component name. */
  instrument(instance: object, measured: MeasuredComponent): Instrumentation {
    if (this.#seen.has(instance)) return DONE;
    const { component } = measured;
    if (types.isProxy(instance) || !Object.isExtensible(instance))
      return { isMeasured: false, warnings: [`${component} is frozen, sealed or a Proxy, so its calls are not measured.`] };
    this.#seen.add(instance);
    const prototype: object | null = Object.getPrototypeOf(instance);
    const inherited = inheritedMembers(prototype).filter(({ key }) => !Object.hasOwn(instance, key));
    const own = ownMembers(instance);
    const ownMethods = own.filter((member): member is Method => isMethod(member) && this.#isOwnMethod(member, prototype, measured));
    const methods = [...inherited.filter(isMethod), ...ownMethods.filter(isReplaceable)];
    const isLarge = methods.length > MANY_METHODS && methods.filter(({ key }) => measured.includes(key)).length > MANY_METHODS;
    const wrappers = this.#wrappersOf(prototype ?? NO_PROTOTYPE, measured);
    const canonical = canonicalMethods(methods, (name) => wrappers.recorderOf(name, { measured, isAwaited: isLarge }) !== undefined);
    const shown = new Set(own.map(({ original }) => original));
    const fromPrototype = new Set(inherited.map(({ original }) => original));
    const wrapperOf = ({ original }: Member): AnyFunction | undefined => {
      const name = canonical.get(original);
      return name === undefined
        ? undefined
        : wrappers.wrapperFor(name, { original, isShown: shown.has(original), isInherited: fromPrototype.has(original) });
    };
    for (const member of inherited) place(instance, member, wrapperOf(member));
    for (const member of own) replace(instance, member, wrapperOf(member));
    const isEmpty = !methods.some(({ key }) => measured.includes(key));
    return {
      isMeasured: true,
      ...(isEmpty && { unchosen: methods.length }),
      warnings: this.#warningsOf(measured, { fixed: ownMethods.filter((method) => !isReplaceable(method)), isLarge, methods }),
    };
  }

  /** The measured functions that are known at the moment: all of classes, and some of those that only instances have. */
  *measuredFunctions(): Iterable<MeasuredFunction> {
    for (const { component, wrappers } of this.#listed) {
      for (const [method, wrapped] of wrappers.deref()?.originals() ?? []) {
        const original = originalOf(wrapped);
        if (original !== undefined) yield { component, method, original };
      }
    }
  }

  #isOwnMethod(method: Method, prototype: object | null, { names }: MeasuredComponent): boolean {
    return isOwnMethod(method, prototype) || names(method.key);
  }

  #warningsOf(
    { component, includes }: MeasuredComponent,
    { fixed, isLarge, methods }: { readonly fixed: readonly Method[]; readonly isLarge: boolean; readonly methods: readonly Method[] },
  ): readonly string[] {
    const names = fixed.map(({ key }) => key).filter(includes);
    return [
      ...(names.length === 0
        ? []
        : [
            `${component}: ${names.join(', ')} can't be measured, as ${names.length === 1 ? 'it is an own property that is' : 'they are own properties that are'} neither writable nor configurable. Leave ${names.length === 1 ? 'it' : 'them'} out, or let ${names.length === 1 ? 'it' : 'them'} be replaced: with MobX, by configure({ safeDescriptors: false }).`,
          ]),
      ...(isLarge
        ? [
            `${component} has ${methods.length} methods, so the series of each method appear only with its first call, and rate() misses that call. Select methods with include or exclude of instrument(), or with instrumentation.exclude.`,
          ]
        : []),
    ].filter((warning) => {
      const isNew = !this.#told.has(warning);
      this.#told.add(warning);
      return isNew;
    });
  }

  /** Emits the warning once for each method. */
  #warnOfProxies(component: string): (method: string) => void {
    return (method) => {
      const warning = returnedProxy(component, method);
      if (this.#told.has(warning.message)) return;
      this.#told.add(warning.message);
      try {
        this.warn(warning);
      } catch {
        // An error of the logger must not affect the call.
      }
    };
  }

  // Kept with the wrappers of a class, so it must not hold `measured`, which holds an object.
  #tracingOf({ component, kind }: MeasuredComponent): (method: string) => Tracing | undefined {
    return (method) => {
      const startSpan = this.tracer?.trace({ component, kind, method });
      if (startSpan === undefined) return undefined;
      const keepExemplar: KeepExemplar = (seconds, span) => this.components.get(component)?.keepExemplar(method, seconds, span);
      return { startSpan, keepExemplar };
    };
  }

  #callsOf({ component, kind, seesThrown }: MeasuredComponent): ComponentCalls {
    let calls = this.components.get(component);
    if (calls === undefined) {
      this.#metrics ??= new CallMetrics(this.registry);
      calls = new ComponentCalls(component, kind, { metrics: this.#metrics, seesThrown });
      this.components.set(component, calls);
    }
    return calls;
  }

  /** Returns the wrappers of a class as one component, which are created once. */
  #wrappersOf(prototype: object, measured: MeasuredComponent): Wrappers {
    const byComponent = this.#wrappers.get(prototype) ?? new Map<string, Wrappers>();
    this.#wrappers.set(prototype, byComponent);
    const key = `${measured.kind} ${measured.component} ${measured.selection}`;
    let wrappers = byComponent.get(key);
    if (wrappers === undefined) {
      wrappers = new Wrappers({
        prototype,
        clock: this.registry.clock,
        observersOf: this.observersOf,
        callsOf: (component) => this.#callsOf(component),
        unhandledOf: measured.unhandledOf,
        proxyReturned: this.#warnOfProxies(measured.component),
        tracingOf: this.#tracingOf(measured),
      });
      byComponent.set(key, wrappers);
      this.#list({ component: measured.component, wrappers: new WeakRef(wrappers) });
    }
    return wrappers;
  }

  #list(listed: ListedWrappers): void {
    this.#listed.push(listed);
    if (this.#listed.length < this.#tidyAt) return;
    this.#listed = this.#listed.filter(({ wrappers }) => wrappers.deref() !== undefined);
    this.#tidyAt = Math.max(this.#tidyAt, 2 * this.#listed.length);
  }
}

interface ListedWrappers {
  readonly component: string;
  readonly wrappers: WeakRef<Wrappers>;
}

/** The key for objects without a prototype. */
const NO_PROTOTYPE = {};

/** Wraps an inherited method with an own property that is not enumerable, like methods of classes, and as writable as the method. */
function place(instance: object, { key, descriptor }: Member, wrapper: AnyFunction | undefined): void {
  if (wrapper === undefined) return;
  Object.defineProperty(instance, key, { value: wrapper, writable: descriptor.writable === true, configurable: true, enumerable: false });
}

/** Replaces an own property that holds a function, with the same attributes. */
function replace(instance: object, member: Member, wrapper: AnyFunction | undefined): void {
  if (wrapper === undefined || !isReplaceable(member)) return;
  Object.defineProperty(instance, member.key, { ...member.descriptor, value: wrapper });
}
