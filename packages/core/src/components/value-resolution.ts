/** What a `@Value` parameter gets: looks the expression up in the configuration and converts it to the declared type. */
import { parse as parseYaml } from 'yaml';
import type { Configuration, ConfigurationValue } from '../configuration/configuration.js';
import { parseDecimal, splitList } from '../configuration/environment.js';
import { type ParameterSite, valueMissing, valueNotConvertible, valueTypeUnsupported } from '../errors/components.js';
import type { Placeholder, ValueExpression, ValuePart } from './value-expression.js';

/** A `@Value` parameter. */
export interface ValueRequest {
  readonly site: ParameterSite;
  readonly expression: ValueExpression;
  /** The type the compiler emitted; undefined where none was. */
  readonly declaredType: unknown;
}

// A value, and whether it is text that a person wrote where YAML would have written a number: in a variable or a default.
interface Found {
  readonly value: ConfigurationValue;
  readonly isText: boolean;
}

/**
 * The value for a parameter.
 * @throws TSK_ERR_VALUE_MISSING, TSK_ERR_VALUE_CONVERSION, TSK_ERR_VALUE_TYPE, naming class, parameter and key.
 */
export function resolveValue(request: ValueRequest, configuration: Configuration): ConfigurationValue {
  const { expression, declaredType, site } = request;
  const found = evaluate(expression.parts, request, configuration);
  const convert = CONVERSIONS.get(declaredType);
  if (convert === undefined) throw valueTypeUnsupported(site, declaredType);
  const converted = convert(found);
  if (converted !== undefined) return converted;
  const [key = ''] = keysOf(expression.parts);
  throw valueNotConvertible(site, { key, value: found.value, source: configuration.sourceOf(key), type: typeName(declaredType) });
}

function evaluate(parts: readonly ValuePart[], request: ValueRequest, configuration: Configuration): Found {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && typeof only !== 'string') return lookUp(only, request, configuration);
  const texts = parts.map((part) => (typeof part === 'string' ? part : asText(lookUp(part, request, configuration).value)));
  return { value: texts.join(''), isText: true };
}

function lookUp(placeholder: Placeholder, request: ValueRequest, configuration: Configuration): Found {
  const { key, fallback } = placeholder;
  const value = configuration.get(key);
  if (value !== undefined) return { value, isText: configuration.sourceOf(key).startsWith('environment ') };
  if (fallback === undefined) throw valueMissing(request.site, key);
  return evaluate(fallback, request, configuration);
}

function asText(value: ConfigurationValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function keysOf(parts: readonly ValuePart[]): string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.key]));
}

function typeName(type: unknown): string {
  return typeof type === 'function' ? type.name.toLowerCase() : 'value';
}

// Each gives undefined where a value does not fit. A type that is a union or an interface is emitted as Object: like no type.
const CONVERSIONS: ReadonlyMap<unknown, (found: Found) => ConfigurationValue | undefined> = new Map<
  unknown,
  (found: Found) => ConfigurationValue | undefined
>([
  [Number, ({ value }) => (typeof value === 'string' ? parseDecimal(value) : typeof value === 'number' ? value : undefined)],
  [String, ({ value }) => (typeof value === 'object' ? undefined : String(value))],
  [Boolean, ({ value }) => (typeof value === 'string' ? parseBoolean(value) : typeof value === 'boolean' ? value : undefined)],
  [Array, ({ value }) => (typeof value === 'string' ? splitList(value) : Array.isArray(value) ? value : undefined)],
  [Object, asYaml],
  [undefined, asYaml],
]);

function parseBoolean(text: string): boolean | undefined {
  return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
}

function asYaml({ value, isText }: Found): ConfigurationValue {
  if (!isText || typeof value !== 'string' || value === '') return value;
  try {
    const parsed: unknown = parseYaml(value);
    return typeof parsed === 'number' || typeof parsed === 'boolean' || parsed === null ? parsed : value;
  } catch {
    return value;
  }
}
