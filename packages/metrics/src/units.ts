/** Units: told from the last word of a name, as Prometheus wants names to be. */
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
 * Refuses a unit that is not the end of the name.
 * @throws TSK_ERR_METRIC_UNIT
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#unit
 */
export function checkUnit(name: string, unit: unknown): void {
  if (unit === undefined) return;
  const family = withoutTotal(name);
  if (typeof unit === 'string' && /^[a-zA-Z0-9_:]+$/.test(unit) && family.endsWith(`_${unit}`)) return;
  throw invalidUnit(name, unit, `${family}_seconds${name.slice(family.length)}`);
}

/** The unit of a family: what it was given, or its last word where that is a base unit. */
export function unitOf(family: string, given: string | undefined): string | undefined {
  if (given !== undefined) return family.endsWith(`_${given}`) ? given : undefined;
  const lastWord = /_([a-z]+)$/.exec(family)?.[1];
  return lastWord !== undefined && BASE_UNITS.has(lastWord) ? lastWord : undefined;
}

/** A counter's name without `_total`, which is not part of the family's name. */
export function withoutTotal(name: string): string {
  return name.endsWith('_total') ? name.slice(0, -'_total'.length) : name;
}
