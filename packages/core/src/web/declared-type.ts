/** How one textual value of a request becomes a value of a parameter's declared type. */

/** The JSON Schema that checks (and coerces) the text, and what is done after that. */
export interface DeclaredType {
  readonly schema: object;
  readonly convert?: (value: unknown) => unknown;
}

/** The name of the format for dates in requests; a date alone is midnight UTC. */
export const DATE_FORMAT = 'date or date-time';

const TEXT: DeclaredType = { schema: { type: 'string' } };

const TYPES = new Map<unknown, DeclaredType>([
  [undefined, TEXT],
  // What the compiler emits for interfaces and for unions it cannot name; also what a tool without type metadata leaves.
  [Object, TEXT],
  [String, TEXT],
  [Number, { schema: { type: 'number' } }],
  [Boolean, { schema: { type: 'boolean' } }],
  [Array, { schema: { type: 'array', items: { type: 'string' } } }],
  [Date, { schema: { type: 'string', format: DATE_FORMAT }, convert: (value) => new Date(value as string) }],
  [BigInt, { schema: { type: 'string', pattern: '^-?[0-9]+$' }, convert: (value) => BigInt(value as string) }],
]);

/** How a value of the declared type is made; undefined for a class that no text can be converted to. */
export function declaredType(type: unknown): DeclaredType | undefined {
  return TYPES.get(type);
}
