/** Finds Grafana's unit for the end of a metric's name. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { MetricFamily } from './families/metric-family.js';

interface NamedUnit {
  readonly value: string;
  /** The unit of a counter's rate. */
  readonly perSecond: string;
}

/** Prometheus's base units, and other common ones. */
const UNITS: Readonly<Record<string, NamedUnit>> = {
  seconds: { value: units.Seconds, perSecond: units.PercentUnit },
  milliseconds: { value: units.Milliseconds, perSecond: 'ms/s' },
  ms: { value: units.Milliseconds, perSecond: 'ms/s' },
  bytes: { value: units.BytesIEC, perSecond: units.BytesPerSecondIEC },
  bits: { value: units.BitsIEC, perSecond: units.BitsPerSecondIEC },
  ratio: { value: units.PercentUnit, perSecond: units.PercentUnit },
  percent: { value: units.Percent, perSecond: 'percent/s' },
  celsius: { value: units.Celsius, perSecond: '°C/s' },
  volts: { value: units.Volt, perSecond: 'V/s' },
  amperes: { value: units.Ampere, perSecond: 'A/s' },
  joules: { value: units.Joule, perSecond: units.Watt },
  grams: { value: units.Gram, perSecond: 'g/s' },
  meters: { value: units.Meter, perSecond: units.MetersPerSecond },
};

const NONE: NamedUnit = { value: units.Short, perSecond: '/s' };

/** Returns the unit: `s` for `upload_duration_seconds`; a plain number if the name has no unit. */
export function unitOf({ name }: Pick<MetricFamily, 'name'>): string {
  return namedUnit(name).value;
}

/** Returns the unit of a counter's rate: `binBps` for `upload_bytes_total`. */
export function unitOfRate({ name }: Pick<MetricFamily, 'name'>): string {
  return namedUnit(name).perSecond;
}

function namedUnit(name: string): NamedUnit {
  const last =
    name
      .replace(/_total$/, '')
      .split('_')
      .at(-1) ?? '';
  return Object.hasOwn(UNITS, last) ? (UNITS[last] as NamedUnit) : NONE;
}
