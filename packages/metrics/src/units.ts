/** Derives units from the last word of names, following Prometheus's naming rules. */
import { invalidUnit } from './errors.js';

/** @see https://prometheus.io/docs/practices/naming/#base-units */
const BASE_UNITS: ReadonlySet<string> = new Set([
  'seconds',
  'bytes',
  'ratio',
  'ratios',
  'celsius',
  'kelvin',
  'meters',
  'grams',
  'joules',
  'volts',
  'amperes',
  'watts',
  'hertz',
]);

/**
 * Rejects a unit that is not the end of the name.
 * @throws TSK_ERR_METRIC_UNIT
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#unit
 */
export function checkUnit(name: string, unit: unknown): void {
  if (unit === undefined) return;
  const family = withoutTotal(name);
  if (typeof unit === 'string' && /^[a-zA-Z0-9_:]+$/.test(unit) && family.endsWith(`_${unit}`)) return;
  throw invalidUnit(name, unit, `${family}_seconds${name.slice(family.length)}`);
}

/** Returns the unit of a family: the explicit one, or the last word of the name if it is a base unit. */
export function unitOf(family: string, given: string | undefined): string | undefined {
  if (given !== undefined) return family.endsWith(`_${given}`) ? given : undefined;
  const lastWord = /_([a-z]+)$/.exec(family)?.[1];
  return lastWord !== undefined && BASE_UNITS.has(lastWord) ? lastWord : undefined;
}

/** Returns a counter's name without `_total`, which is not part of the family's name. */
export function withoutTotal(name: string): string {
  return name.endsWith('_total') ? name.slice(0, -'_total'.length) : name;
}
