/** Which texts are numbers: decimal ones only, where JavaScript and Ajv would also read `""`, `" 1"`, `0x10` and `Infinity`. */
import type { ErrorObject } from 'ajv';

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;

type NumericType = 'number' | 'integer';
type Properties = Readonly<Record<string, unknown>>;

/**
 * Makes the check of a request part's numeric values, which runs before Ajv turns text into numbers.
 *
 * @param schema the schema of the part; its own properties and those in `allOf` are seen.
 * @returns undefined where the schema has no numbers.
 */
export function decimalCheck(schema: unknown): ((data: unknown) => ErrorObject | undefined) | undefined {
  const numeric = [...numericProperties(schema)];
  if (numeric.length === 0) return undefined;
  return (data) => {
    for (const [name, type] of numeric) {
      const error = checkValue((data as Properties)[name], name, type);
      if (error !== undefined) return error;
    }
    return undefined;
  };
}

function checkValue(value: unknown, name: string, type: NumericType): ErrorObject | undefined {
  const texts = Array.isArray(value) ? value : [value];
  for (const text of texts) {
    if (typeof text !== 'string') continue;
    if (!DECIMAL.test(text) || !Number.isFinite(Number(text))) return errorAt(name, type, `must be ${type}`);
    if (INTEGER.test(text) && !Number.isSafeInteger(Number(text))) {
      return errorAt(name, type, `must be between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`);
    }
  }
  return undefined;
}

function errorAt(name: string, type: NumericType, message: string): ErrorObject {
  const instancePath = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { instancePath, schemaPath: `#/properties${instancePath}/type`, keyword: 'type', params: { type }, message };
}

function numericProperties(schema: unknown): Map<string, NumericType> {
  const found = new Map<string, NumericType>();
  if (!isObject(schema)) return found;
  const { properties, allOf } = schema;
  for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
    const type = numericType(property);
    if (type !== undefined) found.set(name, type);
  }
  for (const part of Array.isArray(allOf) ? allOf : []) {
    for (const [name, type] of numericProperties(part)) found.set(name, type);
  }
  return found;
}

function numericType(schema: unknown): NumericType | undefined {
  if (!isObject(schema)) return undefined;
  const { type, items } = schema;
  if (type === 'number' || type === 'integer') return type;
  return type === 'array' ? numericType(items) : undefined;
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null;
}
