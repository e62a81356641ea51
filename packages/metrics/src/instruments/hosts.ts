/** The registries of an instrument: ours, which it reports to, and prom-client's. */
import { type Clock, processClock, timerClock } from '../clock.js';
import { invalidOption, invalidRegisters, type MetricError } from '../errors.js';
import { Reports } from '../reports.js';
import type { HistogramSettings } from './histogram.js';
import type { Instrument } from './instrument.js';

/** The part of a registry that its instruments use. */
export interface InstrumentHost {
  readonly clock: Clock;
  /** The clock for users' timers. */
  readonly timerClock: Clock;
  readonly maxSeriesPerMetric: number;
  add(instrument: Instrument): void;
  /** Returns the settings that were chosen for a histogram with `configureHistograms`. */
  histogramSettings?(name: string): HistogramSettings | undefined;
  /** Called when a value or label set was rejected. The error is only created if it is reported. */
  refused(metric: string, reason: MetricError['code'], error: () => MetricError): void;
  /** Called when a label set was recorded in the overflow series. */
  overflowed(metric: string, error: () => MetricError): void;
}

/** A registry of prom-client. */
export interface PlainRegistry {
  registerMetric(metric: never): void;
  removeSingleMetric(name: string): void;
}

type Register = InstrumentHost | PlainRegistry;

const reports = new Reports(undefined);

/** For instruments without a registry of ours. Rejected values can't be counted, so they are reported by a process warning. */
export const loneHost: InstrumentHost = {
  clock: processClock,
  timerClock,
  maxSeriesPerMetric: 2000,
  add() {},
  refused: (metric, reason, error) => reports.once(metric, reason, () => uncounted(error())),
  overflowed: (metric, error) => reports.once(metric, 'TSK_ERR_METRIC_SERIES_BUDGET', () => uncounted(error())),
};

function uncounted(error: MetricError): MetricError {
  error.message = error.message
    .replace(/ Refused (values|exemplars) are counted in metrics_invalid_values_total\./, '')
    .replace(' and are counted in metrics_series_dropped_total', '');
  return error;
}

/**
 * Returns the first registry of ours.
 * @throws TSK_ERR_METRIC_REGISTERS
 */
export function hostAmong(name: string, registers: unknown): InstrumentHost {
  if (!Array.isArray(registers) || !registers.every(isRegister)) throw invalidRegisters(name, registers);
  return (registers as readonly Register[]).find(isHost) ?? loneHost;
}

/** Registers a metric in all registries, or in none. */
export function registerIn(registers: readonly Register[], metric: Instrument): void {
  for (const [index, register] of registers.entries()) {
    try {
      if (isHost(register)) register.add(metric);
      else register.registerMetric(metric as never);
    } catch (error) {
      for (const earlier of registers.slice(0, index)) (earlier as PlainRegistry).removeSingleMetric(metric.name);
      throw error;
    }
  }
}

/**
 * Rejects prom-client options that would have no effect.
 * @throws TSK_ERR_METRIC_OPTION
 */
export function checkPromClientOptions({ name, collect, ...options }: { readonly name: string; readonly collect?: unknown }): void {
  if (collect !== undefined && typeof collect !== 'function')
    throw invalidOption(name, 'collect', 'is not a function. Pass a function, or omit the option');
  if ((options as { readonly enableExemplars?: unknown }).enableExemplars)
    throw invalidOption(
      name,
      'enableExemplars',
      'exists only in prom-client. Omit it, and pass exemplars after the value: inc(labels, 1, { exemplar: { trace_id } })',
    );
}

function isRegister(register: unknown): register is Register {
  return typeof (register as Partial<PlainRegistry> | null | undefined)?.registerMetric === 'function' || isHost(register);
}

function isHost(register: unknown): register is InstrumentHost {
  const { add, refused } = (register ?? {}) as Partial<InstrumentHost>;
  return typeof add === 'function' && typeof refused === 'function';
}
