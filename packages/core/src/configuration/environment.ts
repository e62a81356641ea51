/** Environment variables as a source of configuration: their text as values. */
import type { TSchema } from 'typebox';
import type { ConfigurationValue } from './configuration.js';
import { alternativesOf, isKeyedObject, itemsOf, propertiesOf } from './schema-shape.js';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that names the active profile. */
export const PROFILE_VARIABLE = 'TSUKIMI_PROFILE';

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** A decimal number, or undefined where the text is none: no hexadecimal, no `Infinity`, nothing empty. */
export function parseDecimal(text: string): number | undefined {
  return DECIMAL.test(text.trim()) ? Number(text) : undefined;
}

/**
 * A variable's text as the value that a schema asks for.
 *
 * Lists are separated by commas, mappings are `key=value` pairs separated by commas, `null` and nothing at all are null where
 * the schema allows it. Text that does not fit is returned as it is: validation then refuses it by name.
 */
export function coerce(text: string, schema: TSchema): ConfigurationValue {
  const alternatives = alternativesOf(schema);
  const has = (type: string): boolean => alternatives.some((alternative) => Reflect.get(alternative, 'type') === type);
  if (has('null') && (text === '' || text === 'null')) return null;
  if (has('integer') || has('number')) return parseDecimal(text) ?? text;
  if (has('boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const list = alternatives.find((alternative) => itemsOf(alternative) !== undefined);
  if (list !== undefined) return splitList(text).map((entry) => coerce(entry, itemsOf(list) ?? {}));
  const pairs = alternatives.find((alternative) => isKeyedObject(alternative) && propertiesOf(alternative) === undefined);
  return pairs === undefined ? text : parsePairs(text);
}

/** The entries of a comma-separated list, without the spaces around them. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parsePairs(text: string): ConfigurationValue {
  const pairs = splitList(text).map((pair) => /^([^=]+)=(.*)$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return text;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1]?.trim() ?? '', pair?.[2]?.trim() ?? '']));
}
