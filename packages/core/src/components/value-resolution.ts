/** Resolves `@Value` parameters: looks the expression up in the configuration and converts it to the declared type. */
import { parse as parseYaml } from 'yaml';
import type { ConfigurationValue } from '../configuration/configuration.js';
import { parseDecimal, splitList } from '../configuration/environment.js';
import type { LayeredConfiguration } from '../configuration/layered-configuration.js';
import { CORE_NAMESPACES } from '../configuration/schema.js';
import { isExact } from '../configuration/written-value.js';
import type { ParameterSite } from './parameters.js';
import { valueAmbiguous, valueMissing, valueNotConvertible, valueTypeUnsupported } from './value-errors.js';
import type { Placeholder, ValueExpression, ValuePart } from './value-expression.js';

/** A `@Value` parameter. */
export interface ValueRequest {
  readonly site: ParameterSite;
  readonly expression: ValueExpression;
  /** The type the compiler emitted; undefined if none was. */
  readonly declaredType: unknown;
}

// A value, and whether it is text from an environment variable or a default, which may stand for a number.
interface Found {
  readonly value: ConfigurationValue;
  readonly isText: boolean;
  /** The text of a value that is not a string in the file: `1.10`, `0049`. */
  readonly source?: string | undefined;
  /** The place of a number that may be meant as text: `1.10`. */
  readonly inexactAt?: string | undefined;
}

/**
 * Returns the value for a parameter.
 * @throws TSK_ERR_COMPONENT_VALUE_MISSING, TSK_ERR_COMPONENT_VALUE_CONVERSION, TSK_ERR_COMPONENT_VALUE_TYPE, naming class, parameter and key.
 */
export function resolveValue(request: ValueRequest, configuration: LayeredConfiguration): ConfigurationValue {
  const { expression, declaredType, site } = request;
  const found = evaluate(expression.parts, request, configuration);
  const convert = CONVERSIONS.get(declaredType);
  if (convert === undefined) throw valueTypeUnsupported(site, declaredType);
  if (!SCALARS.has(declaredType)) checkDigits(request, found, configuration);
  const converted = convert(found);
  if (converted !== undefined) return converted;
  const [key = ''] = keysOf(expression.parts);
  const isShown = Object.hasOwn(CORE_NAMESPACES, key.split('.')[0] ?? '');
  throw valueNotConvertible(site, { key, value: found.value, source: configuration.placeOf(key), type: typeName(declaredType), isShown });
}

function evaluate(parts: readonly ValuePart[], request: ValueRequest, configuration: LayeredConfiguration): Found {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && typeof only !== 'string') return lookUp(only, request, configuration);
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const found = lookUp(part, request, configuration);
    if (typeof found.value === 'object') checkDigits(request, found, configuration);
    return asText(found);
  });
  return { value: texts.join(''), isText: true };
}

function lookUp(placeholder: Placeholder, request: ValueRequest, configuration: LayeredConfiguration): Found {
  const { key, fallback } = placeholder;
  const value = configuration.get(key);
  if (value !== undefined) {
    const isText = configuration.sourceOf(key).startsWith('environment ');
    return { value, isText, source: configuration.textOf(key), inexactAt: configuration.inexactAt(key) };
  }
  if (fallback === undefined) throw valueMissing(request.site, key);
  return evaluate(fallback, request, configuration);
}

const SCALARS: ReadonlySet<unknown> = new Set([Number, String, Boolean]);

/** Rejects numbers in lists, mappings and values without a type if digits would be lost, because they may be meant as text. */
function checkDigits({ site, expression, declaredType }: ValueRequest, found: Found, configuration: LayeredConfiguration): void {
  const { value, isText, inexactAt } = found;
  if (inexactAt !== undefined) throw valueAmbiguous(site, { key: inexactAt, source: configuration.placeOf(inexactAt) });
  const [key = ''] = keysOf(expression.parts);
  if (!isText || declaredType === Array || typeof value !== 'string') return;
  const parsed = asYaml(found);
  if (typeof parsed === 'number' && !isExact(parsed, value)) throw valueAmbiguous(site, { key, source: configuration.placeOf(key) });
}

function asText({ value, source }: Found): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : (source ?? JSON.stringify(value));
}

function keysOf(parts: readonly ValuePart[]): string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.key]));
}

function typeName(type: unknown): string {
  return typeof type === 'function' ? type.name.toLowerCase() : 'value';
}

// Each returns undefined if a value does not fit. A type that is a union or an interface is emitted as Object: like no type.
const CONVERSIONS: ReadonlyMap<unknown, (found: Found) => ConfigurationValue | undefined> = new Map<
  unknown,
  (found: Found) => ConfigurationValue | undefined
>([
  [Number, asNumber],
  [String, ({ value, source }) => (typeof value === 'object' ? undefined : (source ?? String(value)))],
  [Boolean, ({ value }) => (typeof value === 'string' ? parseBoolean(value) : typeof value === 'boolean' ? value : undefined)],
  [Array, ({ value }) => (typeof value === 'string' ? splitList(value) : Array.isArray(value) ? value : undefined)],
  [Object, asYaml],
  [undefined, asYaml],
]);

function asNumber({ value, source = '' }: Found): number | undefined {
  if (typeof value === 'string') return parseDecimal(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  // An integer that a number can't represent exactly would change its value.
  return /^[-+]?\d+$/.test(source) && !Number.isSafeInteger(value) ? undefined : value;
}

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
