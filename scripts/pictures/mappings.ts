/** What stands for a value where a panel maps it: a word and a colour instead of a number. */
import type { FieldDefaultsJson } from '../../test/support/grafana/dashboard-json.js';
import { colorOf } from './colors.js';
import { formatValue } from './units.js';

interface MappingResult {
  readonly text?: string;
  readonly color?: string;
}

interface MappingJson {
  readonly type?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The text of a value, and its colour where a mapping has one. */
export function mappedText(field: FieldDefaultsJson, value: number): { readonly shown: string; readonly color: string | undefined } {
  const result = (field.mappings ?? []).map((mapping) => resultOf(mapping, value)).find((each) => each !== undefined);
  return {
    shown: result?.text ?? formatValue(value, field.unit, field.decimals),
    color: result?.color === undefined ? undefined : colorOf(result.color),
  };
}

function resultOf({ type, options = {} }: MappingJson, value: number): MappingResult | undefined {
  if (type === 'value') return options[String(value)] as MappingResult | undefined;
  const result = options['result'] as MappingResult | undefined;
  if (type === 'range') return isWithin(options, value) ? result : undefined;
  if (type !== 'special') return undefined;
  const isNothing = Number.isNaN(value) && ['nan', 'null', 'null+nan'].includes(String(options['match']));
  return isNothing ? result : undefined;
}

function isWithin({ from, to }: Readonly<Record<string, unknown>>, value: number): boolean {
  return (typeof from !== 'number' || value >= from) && (typeof to !== 'number' || value <= to);
}
