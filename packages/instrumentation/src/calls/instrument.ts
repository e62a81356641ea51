/** Measures any object, with no framework around it. */
import { types } from 'node:util';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { notAnObject } from '../errors.js';
import { observersFor } from '../method-metrics/observers.js';
import { sloObservers } from '../slo/observers.js';
import { CallInstrumenter } from './call-instrumenter.js';

export interface InstrumentOptions {
  /** Value of the `component` label; the name of the object's class unless told. */
  readonly component?: string;
  /** The registry that keeps the counts. */
  readonly registry: MetricsRegistry;
}

const instrumenters = new WeakMap<MetricsRegistry, CallInstrumenter>();

/** The one instrumenter of a registry: whoever measures for it, an object is instrumented once. */
export function instrumenterOf(registry: MetricsRegistry): CallInstrumenter {
  let instrumenter = instrumenters.get(registry);
  if (instrumenter === undefined) {
    instrumenter = new CallInstrumenter(registry, (method) => [...observersFor(registry, method), ...sloObservers(registry, method)]);
    instrumenters.set(registry, instrumenter);
  }
  return instrumenter;
}

/**
 * Measures the public methods of an existing object in place, and returns it.
 *
 * A frozen or sealed object and a `Proxy` can't be measured and are returned as they are, with a process warning.
 * @throws TSK_ERR_INSTRUMENT_TARGET where there is no object, TSK_ERR_METHOD_METRIC where a metric that a method asks for by `@Timed`, `@Counted` or `@Gauged` can't be made,
 * TSK_ERR_SLO_CONFLICT where two components of one name have different objectives by `@Slo`
 */
export function instrument<T extends object>(target: T, options: InstrumentOptions): T {
  if (typeof target !== 'object' || target === null) throw notAnObject(target);
  const component = options.component ?? classNameOf(target);
  const done = instrumenterOf(options.registry).instrument(target, {
    component,
    type: 'object',
    includes: () => true,
    countsForClass: () => true,
  });
  if (!done)
    process.emitWarning(`${component} is frozen, sealed or a Proxy: its calls are not measured.`, { type: 'InstrumentationWarning' });
  return target;
}

function classNameOf(target: object): string {
  // A proxy would notice being asked.
  if (types.isProxy(target)) return 'Object';
  const prototype: object | null = Object.getPrototypeOf(target);
  const maker: unknown = prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'Object';
}
