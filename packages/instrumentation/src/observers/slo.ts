/** Creates the series of `@Slo`, and counts calls in them. */

import { errorStatus } from '@tsukimi/core';
import { type HeldSeries, holdSeries, type MetricsRegistry, type SeriesHolder } from '@tsukimi/metrics';
import type { MethodObserver, ObservableMethod } from '../calls/recording/call-recorder.js';
import { CATALOGUE } from '../catalogue.js';
import { Kept } from '../kept-series.js';
import { methodsWithSlo, type SloDeclaration, sloOfClass, sloOfMethod } from '../metadata/slo.js';
import { rememberSlo } from './registered-slos.js';

/** An objective, and its name in the scrape. */
export interface NamedSlo extends SloDeclaration {
  /** Value of the `slo` label. */
  readonly name: string;
}

interface ComponentClass {
  readonly prototype: object;
  /** Value of the `component` label. */
  readonly component: string;
}

/**
 * Returns the observers that count the calls of a method for its objective, or for that of its class; empty if neither has one.
 * @throws TSK_ERR_OBSERVER_SLO_CONFLICT
 */
export function sloObservers(registry: MetricsRegistry, method: ObservableMethod): readonly MethodObserver[] {
  const slo = sloFor(method);
  return slo === undefined ? [] : [knownObserver(registry, slo)];
}

/**
 * Creates the series of a class's objectives, so that they are exposed at 0 before there is an instance.
 * @throws TSK_ERR_OBSERVER_SLO_CONFLICT if another component with that name has another objective
 */
export function makeSlos(registry: MetricsRegistry, { prototype, component }: ComponentClass): void {
  const ofClass = sloOfClass(prototype);
  if (ofClass !== undefined) makeSeries(registry, { ...ofClass, name: component });
  for (const method of methodsWithSlo(prototype)) {
    const declared = sloOfMethod(prototype, method);
    if (declared !== undefined) makeSeries(registry, { ...declared, name: `${component}.${method}` });
  }
}

function sloFor({ prototype, component, method, countsForClass }: ObservableMethod): NamedSlo | undefined {
  const own = sloOfMethod(prototype, method);
  if (own !== undefined) return { ...own, name: `${component}.${method}` };
  const ofClass = sloOfClass(prototype);
  return ofClass !== undefined && countsForClass(method) ? { ...ofClass, name: component } : undefined;
}

/** Returns the observer of an objective. It is shared by all methods and instances, because series reference their holders. */
function knownObserver(registry: MetricsRegistry, slo: NamedSlo): MethodObserver {
  rememberSlo(registry, slo);
  const observers = made.get(registry) ?? new Map<string, MethodObserver>();
  made.set(registry, observers);
  const observer = observers.get(slo.name) ?? observerFor(registry, slo);
  observers.set(slo.name, observer);
  return observer;
}

const made = new WeakMap<MetricsRegistry, Map<string, MethodObserver>>();

function makeSeries(registry: MetricsRegistry, slo: NamedSlo, holder?: SeriesHolder) {
  const held = <S extends HeldSeries>(series: S): S => (holder === undefined ? series : holdSeries(series, holder));
  rememberSlo(registry, slo);
  const { name, objective, latencyMs } = slo;
  const objectives = registry.gauge(CATALOGUE.sloObjective);
  objectives.set({ slo: name }, decimalShift(objective, -2));
  held(objectives.labels({ slo: name }));
  if (latencyMs !== undefined) {
    const thresholds = registry.gauge(CATALOGUE.sloLatencyThreshold);
    thresholds.set({ slo: name }, decimalShift(latencyMs, -3));
    held(thresholds.labels({ slo: name }));
  }
  const events = registry.counter(CATALOGUE.sloEvents);
  const of = (outcome: string) => held(events.labels({ slo: name, outcome }));
  return { good: of('good'), bad: of('bad') };
}

function observerFor(registry: MetricsRegistry, slo: NamedSlo): MethodObserver {
  const events = new Kept(registry, (holder) => makeSeries(registry, slo, holder));
  // The clock counts whole nanoseconds, so a threshold that is rounded down decides exactly like the written one.
  const longestNanoseconds = slo.latencyMs === undefined ? Number.POSITIVE_INFINITY : Math.floor(decimalShift(slo.latencyMs, 6));
  return {
    wantsErrors: true,
    ended(durationNanoseconds, hasFailed, error) {
      const isInTime = durationNanoseconds <= longestNanoseconds;
      events.now?.[isInTime && (!hasFailed || isClientsFault(error)) ? 'good' : 'bad'].add(1);
    },
  };
}

/** Whether the client caused an error: the response of a controller to it has a status of 400 to 499. */
function isClientsFault(error: unknown): boolean {
  return errorStatus(error) < 500;
}

/**
 * Multiplies a number by a power of ten, with the exact decimal result: 99.9 shifted by -2 is 0.999, but 99.9 / 100 is 0.9990000000000001.
 * @param places how far the decimal point moves to the right; negative for the left
 */
function decimalShift(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
