/** Measures any object, without the framework. */
import { types } from 'node:util';
import type { HistogramSettings, MetricsRegistry } from '@tsukimi/metrics';
import { CallInstrumenter } from '../calls/call-instrumenter.js';
import { inheritedMembers, isMethod, ownMembers } from '../calls/functions/members.js';
import type { CallObserver } from '../calls/recording/call-observer.js';
import type { CallTracer } from '../calls/recording/call-tracer.js';
import { invalidOption } from '../errors.js';
import {
  areHistograms,
  checkHistogramsExist,
  configureHistograms,
  HISTOGRAMS_ALLOWED,
  type Histograms,
  warningsOfManyBuckets,
} from '../histograms.js';
import { isAskedFor } from '../metadata/asked-for.js';
import { checkedUnhandled, type Unhandled } from '../metadata/unhandled.js';
import { callObserversOf, methodObserver } from '../observers/call-observers.js';
import { observersFor } from '../observers/method-metrics.js';
import { sloObservers } from '../observers/slo.js';
import { notAnObject } from './errors.js';
import { MethodSelection, type SelectionOptions } from './method-selection.js';

export interface InstrumentOptions<T extends object = object> extends SelectionOptions<T> {
  /**
   * The value of the `component` label.
   * @default the name of the object's class
   */
  readonly component?: string;
  /** The registry in which calls are recorded. */
  readonly registry: MetricsRegistry;
  /**
   * Buckets of histograms by their names, such as `component_duration_seconds`. Only for histograms that do not exist yet: give them with the first
   * object of a registry, or to the registry.
   * @default {}
   */
  readonly histograms?: Readonly<Record<string, HistogramSettings>>;
  /**
   * What happens if a promise that a non-async method returned rejects and nothing handles the rejection: with `keep`, the process emits
   * `unhandledRejection`; with `contain`, it does not.
   * @default 'contain', because a library's method may have handled the rejection itself, which can't be detected
   */
  readonly unhandled?: Unhandled;
  /**
   * Whether `component_failures_total` has the class of errors that methods throw synchronously. They are caught and thrown again for it: if nobody
   * catches such an error, the source line that the process prints above the stack is one of ours. Without it, the class is `__unseen__`; that of a rejection is always known.
   * @default false
   */
  readonly thrownErrorClasses?: boolean;
  /**
   * Observers of the calls of this object, in addition to those of `observeCalls`. Pass the same observers with each object of a class: they are kept with
   * its wrappers.
   * @default []
   */
  readonly observers?: readonly CallObserver[];
}

const HISTOGRAMS_ORIGIN = { key: 'histograms', source: 'instrument() options' };

// Shared, because they are kept with the wrappers of a class: a function that was created for one object would keep that object alive.
const alwaysUnhandled: Readonly<Record<Unhandled, () => Unhandled>> = { keep: () => 'keep', contain: () => 'contain' };

/** A number for each observer, to tell apart wrappers with different ones. */
const observerNumbers = new WeakMap<CallObserver, number>();
let lastObserver = 0;

function numberOfObserver(observer: CallObserver): number {
  let number = observerNumbers.get(observer);
  if (number === undefined) {
    lastObserver += 1;
    number = lastObserver;
    observerNumbers.set(observer, number);
  }
  return number;
}

const instrumenters = new WeakMap<MetricsRegistry, CallInstrumenter>();

/** Returns the only instrumenter of a registry, so that an object is instrumented once for each registry. */
export function instrumenterOf(registry: MetricsRegistry): CallInstrumenter {
  let instrumenter = instrumenters.get(registry);
  if (instrumenter === undefined) {
    instrumenter = new CallInstrumenter(registry, (method) => [
      ...observersFor(registry, method),
      ...sloObservers(registry, method),
      ...(method.isMeasured ? callObserversOf(registry, method) : []),
    ]);
    instrumenters.set(registry, instrumenter);
  }
  return instrumenter;
}

/**
 * Makes spans of the calls of all methods that are wired in a registry from now on: call it before anything is instrumented. A registry has one tracer.
 * In an extension, call it in `server`, before the components are constructed.
 */
export function traceCalls(registry: MetricsRegistry, tracer: CallTracer): void {
  instrumenterOf(registry).tracer = tracer;
}

/**
 * Measures the public methods of an existing object in place, and returns it.
 *
 * Frozen and sealed objects and `Proxy` objects can't be measured. They are returned unchanged, with a process warning. If an object has more than
 * 50 methods, the series of each method appear with its first call. Use `include` or `exclude` to choose the methods that matter.
 * @throws TSK_ERR_INSTRUMENT_TARGET if there is no object, TSK_ERR_INSTRUMENT_METHOD where `include` or `exclude` names no method, TSK_ERR_INSTRUMENTATION_OPTION where `unhandled` is neither, or `thrownErrorClasses` is no boolean, TSK_ERR_OBSERVER_METRIC where a metric that a method asks for by `@Timed`, `@Counted` or `@Gauged` can't be made,
 * TSK_ERR_OBSERVER_SLO_CONFLICT where two components of one name have different objectives by `@Slo`
 */
export function instrument<T extends object>(target: T, options: InstrumentOptions<NoInfer<T>>): T {
  if (typeof target !== 'object' || target === null) throw notAnObject(target);
  const { registry, histograms } = options;
  if (histograms !== undefined && !areHistograms(histograms))
    throw invalidOption({ key: 'histograms', value: histograms, source: 'instrument()', allowed: HISTOGRAMS_ALLOWED });
  const isConfigured = histograms === undefined || configured.get(registry)?.has(histograms) === true;
  if (!isConfigured) configureHistograms(registry, histograms, HISTOGRAMS_ORIGIN);
  const component = options.component ?? classNameOf(target);
  const unhandled = checkedUnhandled(options.unhandled ?? 'contain', 'instrument()');
  const seesThrown = options.thrownErrorClasses ?? false;
  if (typeof seesThrown !== 'boolean')
    throw invalidOption({ key: 'thrownErrorClasses', value: seesThrown, source: 'instrument()', allowed: 'true or false' });
  const observers = options.observers ?? [];
  if (!Array.isArray(observers) || observers.some((each) => typeof each !== 'object' || each === null))
    throw invalidOption({ key: 'observers', value: observers, source: 'instrument()', allowed: 'a list of observers' });
  const selection = new MethodSelection(options, isNarrowed(options) ? namesOf(target) : undefined);
  const { warnings, unchosen } = instrumenterOf(registry).instrument(target, {
    component,
    kind: 'object',
    selection: `${unhandled} ${seesThrown} ${observers.map(numberOfObserver).join()} ${selection.key}`,
    seesThrown,
    includes: (method) => selection.has(method),
    names: (method) => selection.names(method) || isDecorated(target, method),
    countsForClass: (method) => selection.has(method),
    observersOf: (method) =>
      observers.flatMap((observer) => methodObserver({ observer, isOn: true }, registry, { component, method }) ?? []),
    unhandledOf: alwaysUnhandled[unhandled],
  });
  if (!isConfigured) checkHistograms(registry, histograms);
  for (const warning of warnings) warn(warning);
  if (unchosen !== undefined) warnOnceOfNothing(registry, { component, unchosen });
  return target;
}

/** The settings that were checked, by registry: many objects may be measured with the same options. */
const configured = new WeakMap<MetricsRegistry, WeakSet<Histograms>>();

function checkHistograms(registry: MetricsRegistry, histograms: Histograms): void {
  checkHistogramsExist(registry, histograms, HISTOGRAMS_ORIGIN);
  for (const warning of warningsOfManyBuckets(histograms, HISTOGRAMS_ORIGIN)) warn(warning);
  const known = configured.get(registry) ?? new WeakSet();
  configured.set(registry, known.add(histograms));
}

/** Components without measured methods for which a warning was emitted, by registry. */
const told = new WeakMap<MetricsRegistry, Set<string>>();

function warnOnceOfNothing(
  registry: MetricsRegistry,
  { component, unchosen }: { readonly component: string; readonly unchosen: number },
): void {
  const names = told.get(registry) ?? new Set();
  if (names.has(component)) return;
  told.set(registry, names.add(component));
  warn(
    unchosen === 0
      ? `${component} has no methods: instrument() measures nothing of it. Pass the object whose methods are called.`
      : `${component}: include and exclude leave none of its ${unchosen} methods, so that nothing of it is measured. Name the methods to measure in include, or leave out both options.`,
  );
}

function warn(warning: string): void {
  process.emitWarning(warning, { type: 'InstrumentationWarning' });
}

function isNarrowed({ include, exclude }: { readonly include?: unknown; readonly exclude?: unknown }): boolean {
  return include !== undefined || exclude !== undefined;
}

/** Returns all names by which methods can be called; undefined for a proxy, which would notice the look-up and is not measured. */
function namesOf(target: object): string[] | undefined {
  if (types.isProxy(target)) return undefined;
  const members = [...ownMembers(target), ...inheritedMembers(Object.getPrototypeOf(target))];
  return members.filter(isMethod).map(({ key }) => key);
}

function isDecorated(target: object, method: string): boolean {
  const prototype: object | null = Object.getPrototypeOf(target);
  return prototype !== null && isAskedFor(prototype, method);
}

function classNameOf(target: object): string {
  // A proxy would notice the look-up.
  if (types.isProxy(target)) return 'Object';
  const prototype: object | null = Object.getPrototypeOf(target);
  const maker: unknown = prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'Object';
}
