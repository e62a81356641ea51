/** The wrappers of one class as one component. Each is created once, so that equal functions stay equal. */
import type { Clock } from '@tsukimi/metrics';
import { type HiddenMark, hiddenMark } from '../../hidden-mark.js';
import { type AnyFunction, isWrapper, kindOf } from '../functions/method-kind.js';
import type { MeasuredComponent } from '../measured-component.js';
import type { CallRecorder, FindObservers } from '../recording/call-recorder.js';
import type { ComponentCalls } from '../recording/component-calls.js';
import { ObservedCalls } from '../recording/observed-calls.js';
import { RecentFunctions } from './recent-functions.js';
import type { Tracing } from './traced-variants.js';
import { type Recorded, wrapInherited, wrapOwn } from './wrapper.js';

interface WrappersOptions {
  readonly prototype: object;
  readonly clock: Clock;
  readonly observersOf: FindObservers;
  readonly callsOf: (measured: MeasuredComponent) => ComponentCalls;
  readonly unhandledOf: MeasuredComponent['unhandledOf'];
  /** Called when a method has returned a proxy. */
  readonly proxyReturned: (method: string) => void;
  /** Makes spans of the calls of a method; undefined if it has none. */
  readonly tracingOf: (method: string) => Tracing | undefined;
}

/** How a method's series are created. */
interface Recording {
  readonly measured: MeasuredComponent;
  readonly isAwaited: boolean;
}

/** A method at the last check, and its wrapper. */
interface Known {
  readonly original: AnyFunction;
  readonly wrapper: AnyFunction;
}

/** The place of a method in an instance. */
interface Place {
  readonly original: AnyFunction;
  /** Whether the method is in an own property, which is visible when the instance is printed. */
  readonly isShown: boolean;
  readonly isInherited: boolean;
}

// Only of functions of classes: an entry for each function of each instance would cost as much as its wrapper.
const originals = new WeakMap<AnyFunction, AnyFunction>();

/** Returns the function that a wrapper stands for, also if several registries have wrapped it; undefined for a wrapper whose function is not known. */
export function originalOf(method: AnyFunction): AnyFunction | undefined {
  let original: AnyFunction | undefined = method;
  while (original !== undefined && isWrapper(original)) original = originals.get(original);
  return original;
}

export class Wrappers {
  readonly #options: WrappersOptions;
  readonly #recorders = new Map<string, CallRecorder | undefined>();
  /** Wrappers of the methods of the class. */
  readonly #hidden = new Map<string, Known>();
  /** Wrappers of functions in own properties, which are freed with their instance. */
  readonly #shown = new Map<string, HiddenMark<AnyFunction>>();
  /** Wrappers of functions that can't be marked. */
  readonly #frozen = new Map<string, WeakMap<AnyFunction, AnyFunction>>();
  /** Functions in own properties that were wrapped. */
  readonly #recent = new Map<string, RecentFunctions>();

  constructor(options: WrappersOptions) {
    this.#options = options;
  }

  /** Returns the recorder of a method: its series, its observers, or both; undefined if it has neither. */
  recorderOf(method: string, { measured, isAwaited }: Recording): CallRecorder | undefined {
    const known = this.#recorders.get(method);
    if (known !== undefined || this.#recorders.has(method)) return known;
    const { prototype, clock, observersOf, callsOf } = this.#options;
    const { component, countsForClass } = measured;
    const series = measured.includes(method) ? callsOf(measured).seriesOf(method, isAwaited) : undefined;
    const observers = [
      ...observersOf({ prototype, component, method, isMeasured: series !== undefined, countsForClass }),
      ...(series === undefined ? [] : measured.observersOf(method)),
    ];
    const recorder = observers.length === 0 ? series : new ObservedCalls({ clock, series, observers });
    this.#recorders.set(method, recorder);
    return recorder;
  }

  /** Returns the wrapper of a function whose method has a recorder. */
  wrapperFor(method: string, { original, isShown, isInherited }: Place): AnyFunction {
    // A plain wrapper is the same in every place.
    if (isInherited && (!isShown || kindOf(original) === 'plain')) return this.#hiddenWrapper(method, original);
    const shown = this.#shown.get(method) ?? hiddenMark<AnyFunction>();
    this.#shown.set(method, shown);
    const known = shown.of(original) ?? this.#frozen.get(method)?.get(original);
    if (known !== undefined) return known;
    const wrapper = wrapOwn(original, this.#recorded(method));
    const recent = this.#recent.get(method) ?? new RecentFunctions();
    this.#recent.set(method, recent);
    recent.add(original);
    if (!shown.put(original, wrapper)) {
      const frozen = this.#frozen.get(method) ?? new WeakMap<AnyFunction, AnyFunction>();
      this.#frozen.set(method, frozen.set(original, wrapper));
    }
    return wrapper;
  }

  /** The functions that have a wrapper, with the name of their method: all of the class, and some of those that instances have themselves. */
  *originals(): Iterable<readonly [method: string, original: AnyFunction]> {
    for (const [method, { original }] of this.#hidden) yield [method, original];
    for (const [method, recent] of this.#recent) for (const original of recent.alive()) yield [method, original];
  }

  #hiddenWrapper(method: string, original: AnyFunction): AnyFunction {
    const known = this.#hidden.get(method);
    // The prototype may have been patched since the last instance, for example by a test's spy.
    if (known?.original === original) return known.wrapper;
    const wrapper = wrapInherited(original, this.#recorded(method));
    originals.set(wrapper, original);
    this.#hidden.set(method, { original, wrapper });
    return wrapper;
  }

  #recorded(method: string): Recorded {
    const { unhandledOf, proxyReturned, tracingOf } = this.#options;
    const calls = this.#recorders.get(method) as CallRecorder;
    return { calls, unhandled: unhandledOf(method), proxyReturned: () => proxyReturned(method), tracing: tracingOf(method) };
  }
}
