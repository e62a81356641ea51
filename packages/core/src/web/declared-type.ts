/** Converts a textual value of a request to the declared type of a parameter. */

/** The JSON Schema that validates and coerces the text, and the conversion after that. */
export interface DeclaredType {
  readonly schema: object;
  readonly convert?: (value: unknown) => unknown;
}

/** The name of the format for dates in requests. A date without a time means midnight UTC. */
export const DATE_FORMAT = 'date or date-time';

const TEXT: DeclaredType = { schema: { type: 'string' } };

const TYPES = new Map<unknown, DeclaredType>([
  [undefined, TEXT],
  // The compiler emits Object for interfaces and unions. Tools without type metadata emit undefined.
  [Object, TEXT],
  [String, TEXT],
  [Number, { schema: { type: 'number' } }],
  [Boolean, { schema: { type: 'boolean' } }],
  [Array, { schema: { type: 'array', items: { type: 'string' } } }],
  [Date, { schema: { type: 'string', format: DATE_FORMAT }, convert: (value) => new Date(value as string) }],
  [BigInt, { schema: { type: 'string', pattern: '^-?[0-9]+$' }, convert: (value) => BigInt(value as string) }],
]);

/** Returns the conversion to a declared type; undefined for a class that text can't be converted to. */
export function declaredType(type: unknown): DeclaredType | undefined {
  return TYPES.get(type);
}
